import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { InvalidInputError } from '@onlyonce/core';
import { connectionOptions } from './connection-options.js';

const folder = mkdtempSync(join(tmpdir(), 'onlyonce-tls-'));
const caFile = join(folder, 'ca.pem');
writeFileSync(caFile, 'certificate');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('connectionOptions', () => {
  test('a single server: fails at once while disconnected, resends nothing, reconnects for ever', () => {
    const { type, options } = connectionOptions({ url: 'redis://app:x@h:1/2', pod: 'p1' });
    expect(type).toBe('single');
    expect(options).toMatchObject({
      host: 'h',
      port: 1,
      db: 2,
      username: 'app',
      password: 'x',
      connectionName: 'onlyonce:p1',
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      enableAutoPipelining: false,
      lazyConnect: false,
    });
    expect(options).not.toHaveProperty('tls');
  });

  test('READONLY reconnects without sending the call again, other replies do not reconnect', () => {
    const connection = connectionOptions({ url: 'redis://h', pod: 'p' });
    const decide = connection.type === 'single' ? connection.options.reconnectOnError : undefined;
    expect(decide?.(new Error("READONLY You can't write against a read only replica."))).toBe(true);
    expect(decide?.(new Error('OOM command not allowed'))).toBe(false);
  });

  test('a user and password given apart win over those of the URL', () => {
    const connection = connectionOptions({ url: 'redis://a:b@h', pod: 'p', username: 'c', password: 'd' });
    expect(connection.options).toMatchObject({ username: 'c', password: 'd' });
  });

  test('sentinels, with TLS on both ways', () => {
    const url = 'rediss+sentinel://a,b:1/orders/3';
    const connection = connectionOptions({ url, pod: 'p', sentinelPassword: 's', tls: { caFile } });
    expect(connection).toMatchObject({
      type: 'single',
      options: {
        name: 'orders',
        db: 3,
        sentinels: [
          { host: 'a', port: 26379 },
          { host: 'b', port: 1 },
        ],
        sentinelPassword: 's',
        enableTLSForSentinelMode: true,
        failoverDetector: false,
        tls: { ca: Buffer.from('certificate'), rejectUnauthorized: true },
        sentinelTLS: { ca: Buffer.from('certificate') },
      },
    });
  });

  test('the name of the master may be given apart, and must be given', () => {
    const url = 'redis+sentinel://a';
    expect(connectionOptions({ url, pod: 'p', sentinelMaster: 'm' }).options).toMatchObject({ name: 'm' });
    expect(() => connectionOptions({ url, pod: 'p' })).toThrow(/^REDIS_URL must end in \/masterName/);
  });

  test('a cluster: nodes, and the same caution in every node', () => {
    const connection = connectionOptions({ url: 'redis+cluster://u:pw@a:7001,b', pod: 'p' });
    expect(connection).toMatchObject({
      type: 'cluster',
      nodes: [
        { host: 'a', port: 7001 },
        { host: 'b', port: 6379 },
      ],
      options: {
        enableOfflineQueue: false,
        retryDelayOnFailover: 0,
        redisOptions: {
          username: 'u',
          password: 'pw',
          maxRetriesPerRequest: 0,
          connectionName: 'onlyonce:p',
        },
      },
    });
  });

  test('a name is sent to the TLS server, an address is not', () => {
    const server = (host: string) => connectionOptions({ url: `rediss://${host}`, pod: 'p' }).options;
    expect(server('cache.example')).toMatchObject({ tls: { servername: 'cache.example' } });
    expect(server('127.0.0.1')).not.toMatchObject({ tls: { servername: expect.anything() } });
  });

  test.each([
    ['TLS files with a URL that is not encrypted', 'redis://h', { caFile }, 'REDIS_URL'],
    ['a file that is not there', 'rediss://h', { caFile: join(folder, 'none.pem') }, 'tls.caFile'],
    ['a certificate without its key', 'rediss://h', { certFile: caFile }, 'tls.certFile'],
  ])('%s is a fault of the configuration', (_, url, tls, field) => {
    const connect = () => connectionOptions({ url, pod: 'p', tls });
    expect(connect).toThrow(InvalidInputError);
    expect(connect).toThrow(new RegExp(`^${field} `));
  });
});
