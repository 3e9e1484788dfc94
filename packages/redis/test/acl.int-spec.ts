import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StoreRefusedError } from '@onlyonce/core';
import { startRedis, type RedisServer } from '@onlyonce/testing';
import { redisBackend, type RedisClient } from '../src/index.js';
import { OpenedClients } from './support/opened-clients.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
/** The rights as the README lists them. */
const rights = (/^~\{shop\}[\s\S]*?(?=\n```)/m.exec(readme)?.[0] ?? '').split(/\s+/);

/** Serves only what a pod can do without: the inbox listing, readers of effects, waiting for replicas, the facts. */
const OUTSIDE_PREFLIGHT = new Set(
  '+ping +hello +info +client|setname +client|setinfo +config|get +subscribe +unsubscribe +wait +hscan +hgetall'.split(
    ' ',
  ),
);

/**
 * Preflight takes no step with these: effects of other types, an outbound group, an earlier channel, redlock, scripts
 * that the server does not know yet.
 */
const OTHER_STEPS = new Set(
  '+eval +sadd +srem +zscore +zremrangebyscore +zrange +zcard +rpush +rename +xrevrange +pexpire +get +exists +type +publish'.split(
    ' ',
  ),
);

describe('an ACL user with the rights that the README lists', () => {
  let server: RedisServer;
  let admin: RedisClient;
  const clients = new OpenedClients();

  beforeAll(async () => {
    server = await startRedis({ append: 'off' });
    admin = await clients.open(server.url);
  });
  afterAll(async () => {
    await clients.close();
    await server.stop();
  });

  async function preflightWith(name: string, userRights: readonly string[]): Promise<void> {
    await admin.call('ACL', 'SETUSER', name, 'reset', 'on', '>secret', ...userRights);
    const client = await clients.open(server.url, { username: name, password: 'secret' });
    const backend = redisBackend({ client, namespace: 'shop' });
    try {
      await backend.preflight();
    } finally {
      await backend.close();
      client.disconnect();
    }
  }

  it('passes the preflight, and leaves nothing behind', async () => {
    expect(rights.length).toBeGreaterThan(40);
    await preflightWith('whole', rights);
    expect(await admin.keys('*')).toEqual([]);
  });

  const needed = rights.filter(
    (right) => right.startsWith('+') && !OUTSIDE_PREFLIGHT.has(right) && !OTHER_STEPS.has(right),
  );

  it.each(needed)('is refused by the preflight without %s, which is named', async (right) => {
    const others = rights.filter((each) => each !== right);
    const refusal: unknown = await preflightWith('lacking', others).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StoreRefusedError);
    expect(String(refusal).toLowerCase()).toContain(right.slice(1));
  });
});
