import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { StoreUnavailableError } from '@onlyonce/core';
import { eventually, startRedis, type RedisServer } from '@onlyonce/testing';
import { withDeadline } from '../src/call-deadline.js';
import { ConnectionWatch } from '../src/connection/connection-watch.js';
import type { RedisClient } from '../src/connection/redis-client.js';
import { translateError } from '../src/errors/translate-error.js';
import { OpenedClients } from './support/opened-clients.js';
import { SilentProxy } from './support/silent-proxy.js';

describe('a client made by connectionOptions, and its watch', () => {
  let server: RedisServer;
  const clients = new OpenedClients();
  const watches: ConnectionWatch[] = [];

  const watch = (client: RedisClient): ConnectionWatch => {
    const started = new ConnectionWatch(client, { namespace: 'watch' });
    watches.push(started);
    return started;
  };

  beforeAll(async () => {
    server = await startRedis();
  });
  afterEach(async () => {
    for (const started of watches.splice(0)) started.stop();
    await clients.close();
  });
  afterAll(async () => {
    await server.stop();
  });

  test('while the server is away calls fail at once, and work again when it is back', async () => {
    const client = await clients.open(server.url);
    const watched = watch(client);
    expect(watched.available).toBe(true);
    await server.kill();
    await eventually(() => {
      expect(watched.available).toBe(false);
    });
    const asked = performance.now();
    const error: unknown = await client.get('x').catch((thrown: unknown) => thrown);
    expect(translateError(error, 'get')).toBeInstanceOf(StoreUnavailableError);
    expect(performance.now() - asked).toBeLessThan(200);
    await eventually(() => {
      expect(watched.lastError?.message).toMatch(/ECONNREFUSED|ECONNRESET/);
    });
    await server.start();
    await eventually(() => {
      expect(watched.available).toBe(true);
    });
    expect(watched.lastError).toBeUndefined();
    expect(await client.get('x')).toBeNull();
  });

  test('a service that starts before its Redis waits for it without an error thrown', async () => {
    await server.kill();
    const watched = watch(clients.connecting(server.url));
    expect(watched.available).toBe(false);
    await server.start();
    await eventually(() => {
      expect(watched.available).toBe(true);
    });
  });

  test('a silent socket is given up: what waits on it fails, and the client connects anew', async () => {
    const proxy = await SilentProxy.to(server);
    try {
      const client = await clients.open(proxy.url);
      const watched = watch(client);
      proxy.fallSilent();
      // No deadline of its own: without the watch it would hang as long as TCP does.
      const swallowed = client.get('x').catch((thrown: unknown) => thrown);
      proxy.speak();
      expect(translateError(await swallowed, 'get')).toBeInstanceOf(StoreUnavailableError);
      await eventually(() => {
        expect(watched.available).toBe(true);
      });
      expect(await withDeadline(client.get('x'), 1_000, 'get')).toBeNull();
    } finally {
      await proxy.close();
    }
  });

  test('a peer that accepts and never answers the handshake does not hold the client for ever', async () => {
    const proxy = await SilentProxy.to(server);
    try {
      proxy.fallSilent();
      const client = clients.connecting(proxy.url);
      await eventually(() => {
        expect(client.status).toBe('connect');
      });
      proxy.speak();
      await eventually(
        () => {
          expect(client.status).toBe('ready');
        },
        { withinMs: 8_000 },
      );
    } finally {
      await proxy.close();
    }
  });

  test('a paused server is unavailable within seconds, and available again soon after', async () => {
    const watched = watch(await clients.open(server.url));
    await server.pause();
    try {
      await eventually(() => {
        expect(watched.available).toBe(false);
      });
    } finally {
      await server.resume();
    }
    await eventually(() => {
      expect(watched.available).toBe(true);
    });
  });

  test('killed connections come back, and nothing is sent twice', async () => {
    const client = await clients.open(server.url);
    const other = await clients.open(server.url);
    const watched = watch(client);
    await other.del('counter');
    const counting = Promise.allSettled(Array.from({ length: 200 }, () => client.incr('counter')));
    await other.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    const answered = (await counting).filter(({ status }) => status === 'fulfilled').length;
    // "Available" may still be about the connection that was killed: a call that is answered is not.
    const counted = await eventually(async () => Number(await client.get('counter')));
    expect(watched.available).toBe(true);
    expect(counted).toBeGreaterThanOrEqual(answered);
    expect(counted).toBeLessThanOrEqual(200);
  });

  test('a stopped watch leaves the lent client alone', async () => {
    const client = await clients.open(server.url);
    const watched = watch(client);
    watched.stop();
    expect(client.status).toBe('ready');
    expect(await client.ping()).toBe('PONG');
  });
});
