import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { InvalidInputError } from '@onlyonce/core';
import { asError } from '../errors/as-error.js';

/** PEM files and whether the server must prove itself by them. */
export interface TlsFiles {
  /** Whom to trust, instead of the authorities Node knows. */
  readonly caFile?: string | undefined;
  /** Our own certificate, when the server asks clients for one; together with `keyFile`. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** False takes any server certificate: for a laptop, never for a deployment. Default true. */
  readonly rejectUnauthorized?: boolean | undefined;
}

/**
 * Reads the files once, at start: a missing file is a fault of the configuration and not of the connection.
 * @param host when there is exactly one: sent as server name (SNI), which several managed services insist on
 * @throws InvalidInputError naming the field whose file cannot be read
 */
export function tlsOptions(files: TlsFiles, host?: string): ConnectionOptions {
  if ((files.certFile === undefined) !== (files.keyFile === undefined)) {
    throw new InvalidInputError('tls.certFile', 'and tls.keyFile must be given together');
  }
  return {
    rejectUnauthorized: files.rejectUnauthorized ?? true,
    ...(files.caFile === undefined ? {} : { ca: pem('tls.caFile', files.caFile) }),
    ...(files.certFile === undefined ? {} : { cert: pem('tls.certFile', files.certFile) }),
    ...(files.keyFile === undefined ? {} : { key: pem('tls.keyFile', files.keyFile) }),
    // A server name must be a name: Node warns about an address there.
    ...(host === undefined || isIP(host) !== 0 ? {} : { servername: host }),
  };
}

function pem(field: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InvalidInputError(field, `cannot be read: ${asError(error).message}`);
  }
}
