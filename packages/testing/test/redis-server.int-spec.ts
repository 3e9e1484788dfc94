import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DockerRedis } from '../src/redis/docker-redis.js';
import { inlineCommand } from '../src/redis/inline-command.js';
import { LocalRedis } from '../src/redis/local-redis.js';
import type { RedisServer } from '../src/redis/redis-server.js';
import { startRedis } from '../src/redis/start-redis.js';

const kinds: { readonly kind: string; readonly start: () => Promise<RedisServer | undefined> }[] = [
  { kind: 'a local redis-server', start: () => LocalRedis.start() },
  { kind: 'a container, where an engine answers', start: () => DockerRedis.startIfPossible() },
];

describe.each(kinds)('$kind', ({ start }) => {
  let server: RedisServer | undefined;

  afterEach(async () => {
    await server?.stop();
  });

  it('keeps its data and its URL when it is killed, repeatedly, and started again', async () => {
    server = await start();
    if (!server) return;
    const { host, port, url } = server;
    for (const value of ['one', 'two', 'three']) {
      await inlineCommand(host, port, `SET key ${value}`);
      await server.kill();
      await expect(inlineCommand(host, port, 'PING')).rejects.toThrow();
      await server.start();
      expect(server.url).toBe(url);
      expect(await inlineCommand(host, port, 'GET key')).toBe(value);
    }
  });

  it('does not answer while it is paused, and goes on afterwards', async () => {
    server = await start();
    if (!server) return;
    const { host, port } = server;
    await server.pause();
    await expect(inlineCommand(host, port, 'PING')).rejects.toThrow('no answer');
    await server.resume();
    expect(await inlineCommand(host, port, 'PING')).toBe('PONG');
  });
});

describe('startRedis', () => {
  it('syncs each write unless told otherwise, and takes further arguments', async () => {
    const server = await startRedis({ append: 'everysec', args: ['--maxmemory', '20mb'] });
    try {
      expect(await inlineCommand(server.host, server.port, 'CONFIG GET appendfsync')).toContain('everysec');
      expect(await inlineCommand(server.host, server.port, 'CONFIG GET maxmemory')).toContain('20971520');
      expect(await inlineCommand(server.host, server.port, 'CONFIG GET aof-load-truncated')).toContain('no');
    } finally {
      await server.stop();
    }
  });
});

describe('a torn append-only file (W15)', () => {
  it('is cut before the transaction it tears, so that a second restart finds it whole', async () => {
    const server = await LocalRedis.start();
    try {
      const { host, port } = server;
      await inlineCommand(host, port, 'SET kept 1');
      await server.kill();
      await appendFile(
        await incrementalFile(server.directory),
        '*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$4\r\ntorn\r\n$1\r\n',
      );
      await server.start();
      await inlineCommand(host, port, 'SET later 1');
      await server.kill();
      await server.start();
      expect(await inlineCommand(host, port, 'MGET kept later torn')).toBe(
        '*3\r\n$1\r\n1\r\n$1\r\n1\r\n$-1\r\n',
      );
    } finally {
      await server.stop();
    }
  });
});

async function incrementalFile(directory: string): Promise<string> {
  const files = await readdir(join(directory, 'appendonlydir'));
  const name = files.find((file) => file.includes('.incr.'));
  if (!name) throw new Error(`no incremental file among ${files.join(', ')}`);
  return join(directory, 'appendonlydir', name);
}
