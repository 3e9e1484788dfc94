import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { StoreUnavailableError } from '@onlyonce/core';
import { eventually, startRedis, type RedisServer } from '@onlyonce/testing';
import { ConnectionWatch } from '../src/connection/connection-watch.js';
import { RedisFeed } from '../src/feed/redis-feed.js';
import { Heard } from './support/heard.js';
import { OpenedClients } from './support/opened-clients.js';

const run = promisify(execFile);

// Seen once, on a loaded machine, and in none of forty runs after it: OpenSSL's own error ("tlsv1 alert decode error")
// failed whichever test was running, with no stack. 15,000 refused handshakes outside Jest never showed it. Unexplained;
// the first failure stays in the log.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

/** A throwaway authority, and what it signed for "localhost": gone with its folder. */
async function makeCertificates(folder: string): Promise<void> {
  const openssl = (...args: string[]): Promise<unknown> => run('openssl', args, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  for (const authority of ['ca', 'other-ca']) {
    const files = ['-keyout', `${authority}.key`, '-out', `${authority}.crt`];
    await openssl('req', '-x509', ...key, ...files, '-days', '2', '-subj', `/CN=${authority}`);
  }
  await writeFile(join(folder, 'names'), 'subjectAltName=DNS:localhost');
  for (const name of ['server', 'client']) {
    const request = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`];
    await openssl('req', ...key, ...request);
    const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names'];
    await openssl('x509', '-req', '-in', `${name}.csr`, ...signing, '-days', '2', '-out', `${name}.crt`);
  }
}

/** Redis cannot choose a TLS port by itself. */
async function unusedPort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

describe('a client over TLS with a user of its own', () => {
  let folder: string;
  let server: RedisServer;
  let port: number;
  const clients = new OpenedClients();
  const file = (name: string): string => join(folder, name);
  const user = { username: 'app', password: 'p@ss/word' };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onlyonce-tls-'));
    await makeCertificates(folder);
    port = await unusedPort();
    const certificate = ['--tls-cert-file', file('server.crt'), '--tls-key-file', file('server.key')];
    const authority = ['--tls-ca-cert-file', file('ca.crt'), '--tls-auth-clients', 'yes'];
    const args = ['--tls-port', String(port), ...certificate, ...authority];
    // A folder of our own makes it a local server: the files would have to be carried into a container.
    server = await startRedis({ keepData: folder, append: 'off', args });
    const plain = await clients.open(server.url);
    const rights = ['~{tls}:*', 'resetchannels', '&{tls}:*', '+@all', '-@dangerous', '+info'];
    await plain.call('ACL', 'SETUSER', user.username, 'on', `>${user.password}`, ...rights);
  });
  afterAll(async () => {
    await clients.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('client certificate, authority and password from a URL: calls and the feed work', async () => {
    const tls = { caFile: file('ca.crt'), certFile: file('client.crt'), keyFile: file('client.key') };
    const client = await clients.open(`rediss://app:p%40ss%2Fword@localhost:${port}`, { tls });
    await client.set('{tls}:k', 'v');
    expect(await client.get('{tls}:k')).toBe('v');
    await expect(client.get('elsewhere')).rejects.toThrow('NOPERM');

    const feed = new RedisFeed(client, { namespace: 'tls' });
    try {
      const heard = new Heard();
      await feed.subscribe('c', heard);
      await client.publish('{tls}:c', '1!');
      await eventually(() => {
        expect(heard.doorbells).toEqual(['rung']);
      });
    } finally {
      await feed.close();
    }
  });

  test.each([
    ['an authority that signed nothing here', 'other-ca.crt', 'localhost', /unable to verify|self.signed/],
    ['a name that the certificate does not hold', 'ca.crt', '127.0.0.1', /does not match certificate/],
    // The server says so after the handshake, so it may arrive as an alert or as a reset.
    ['no certificate of our own', 'ca.crt', 'localhost', /certificate required|ECONNRESET|EPIPE/],
  ])('%s: never connected, and the reason is told', async (_, ca, host, reason) => {
    const client = clients.connecting(`rediss://${host}:${port}`, { ...user, tls: { caFile: file(ca) } });
    const watch = new ConnectionWatch(client, { namespace: 'tls' });
    try {
      await eventually(() => {
        expect(watch.lastError?.message).toMatch(reason);
      });
      expect(watch.available).toBe(false);
    } finally {
      watch.stop();
    }
  });

  test('without checking the server it connects to any', async () => {
    const tls = { certFile: file('client.crt'), keyFile: file('client.key'), rejectUnauthorized: false };
    const client = await clients.open(`rediss://127.0.0.1:${port}`, { ...user, tls });
    expect(await client.ping()).toBe('PONG');
  });

  test('a plain client at the TLS port is told that the store is unavailable', async () => {
    const feed = new RedisFeed(clients.connecting(`redis://localhost:${port}`), { namespace: 'tls' });
    await expect(feed.subscribe('c', new Heard())).rejects.toBeInstanceOf(StoreUnavailableError);
    await feed.close();
  });
});
