// @ts-check
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from '../arguments.mjs';
import { certificateOf } from '../report/certificate.mjs';
import { verify } from '../verify.mjs';

/**
 * What the verifier says of logs given as texts.
 * @param {readonly (string | Uint8Array)[]} files
 * @param {{ args?: readonly string[], write?: Record<string, string>, chunkBytes?: number }} [how]
 *   write: further files by the option that names them; chunkBytes: logs come in pieces of this size
 */
export async function judged(files, { args = [], write = {}, chunkBytes = 65_536 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'onlyonce-verify-spec-'));
  try {
    const named = Object.entries(write).flatMap(([option, text]) => {
      const path = join(folder, option);
      writeFileSync(path, text);
      return [`--${option}`, path];
    });
    const options = readArguments([...args, ...named, 'logs'], {});
    const sources = files.map((text, index) => ({
      name: `file ${index}`,
      open: () => inChunks(Buffer.from(text), chunkBytes),
    }));
    const verdict = await verify(options, { sources });
    const certificate = certificateOf(verdict, { version: 'test', at: new Date(0), options });
    const { counts } = certificate.violations;
    return {
      verdict,
      certificate,
      /** How many of each kind, without the zeros. */
      found: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
      told: certificate.violations.told,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {Buffer} bytes
 * @param {number} size
 */
async function* inChunks(bytes, size) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
