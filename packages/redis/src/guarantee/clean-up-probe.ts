import type { RedisClient } from '../connection/redis-client.js';
import { addressOf } from '../store/id-address.js';
import type { Keys } from '../store/keys.js';
import type { Layout } from '../store/layout.js';
import type { Probe } from './preflight.js';

const OF_CHANNEL = ['layout', 'groups', 'unrouted', 'last', 'pruned', 'touch'];
const OF_GROUP = ['log', 'held', 'cur', 'fence', 'meta', 'retry', 'dead', 'dead-index', 'recent', 'pods'];

/** Removes every key a probe can have left. By name: a service's user need not be allowed to list keys. */
export async function cleanUpProbe(
  client: RedisClient,
  names: Keys,
  layout: Layout,
  probe: Probe,
): Promise<void> {
  const channel = names.channel(probe.channel);
  const group = names.group(probe.channel, probe.group);
  const keys = [
    ...OF_CHANNEL.map((name) => channel + name),
    ...OF_GROUP.map((name) => group + name),
    `${group}lock:${probe.id}`,
    names.effect(probe.hash),
  ];
  for (const bucket of bucketsOf(probe.id, layout))
    keys.push(`${channel}ids:${bucket}`, `${group}done:${bucket}`);
  await client.unlink(...keys);
}

/** The generation is the server's to say; one more on each side covers a clock that differs. */
function bucketsOf(id: string, layout: Layout): string[] {
  const { bucket } = addressOf(id, layout);
  const generation = layout.generationMs === 0 ? 0 : Math.floor(Date.now() / layout.generationMs);
  return [generation - 1, generation, generation + 1].map((number) => `${number}${bucket}`);
}
