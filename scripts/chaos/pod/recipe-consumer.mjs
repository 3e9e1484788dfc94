// @ts-check
// One replica of the usual recipe (bench/usual-recipe), which is NOT exactly-once, with the same effect and the same log
// lines as consumer.mjs: the test of the instrument.
import { RecipeConsumer } from '../../../bench/usual-recipe/index.mjs';
import { misbehave } from './misbehave.mjs';
import { reportReadiness, stopWithParent } from './parent.mjs';
import { givenSettings, witnessKey } from './settings.mjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeSync } from 'node:fs';

/** @type {import('./settings.mjs').PodSettings} */
const settings = givenSettings();
const { name: pod, namespace, channel, group } = settings;
const key = (/** @type {string} */ name) => `{${namespace}}:${name}`;

/**
 * The recipe has no fencing token. Its lines carry the time of the lock in its place, so that only what really goes
 * wrong is found wrong.
 * @type {Map<string, string>}
 */
const tokens = new Map();
let lastToken = 0;

/**
 * @param {string} event
 * @param {Record<string, unknown>} [fields]
 */
function log(event, fields = {}) {
  const head = {
    level: 'info',
    time: new Date().toISOString(),
    service: group,
    env: 'chaos',
    version: 'recipe',
    pod,
  };
  writeSync(1, `${JSON.stringify({ ...head, event, ...fields })}\n`);
}

const consumer = new RecipeConsumer({
  url: settings.redisUrl,
  pod,
  lockTtlMs: settings.lockTtlMs,
  onMessage: async (message, { redis }) => {
    const { id, items = [], misbehaviour } = /** @type {any} */ (message);
    if (settings.handlerMs > 0) await sleep(Math.random() * settings.handlerMs);
    await misbehave(misbehaviour, { attempt: 1 });
    for (const item of items) await redis.hincrby(key('stock'), item.id, -item.quantity);
    await redis.hset(key(`order:${id}`), 'status', 'CONFIRMED');
    await redis.hincrby(key(witnessKey(id)), `C ${id}`, 1);
  },
  onEvent: ({ event, id }) => {
    const about = { messageId: id, channel, group };
    if (event === 'won') {
      lastToken = Math.max(lastToken + 1, Math.round((performance.timeOrigin + performance.now()) * 1_000));
      tokens.set(id, String(lastToken));
      log('lock.won', { ...about, attempt: 1, fencingToken: tokens.get(id) });
    } else if (event === 'applied') {
      log('message.processed', { ...about, attempt: 1, fencingToken: tokens.get(id), outcome: 'confirmed' });
      tokens.delete(id);
    } else if (settings.tellHeard && event === 'received') log('message.received', about);
  },
});
const begin = consumer.subscribe(key(channel));
let ready = false;
log('service.started');
process.on('SIGTERM', () => {
  log('service.stopping');
  void consumer.stop().finally(() => {
    log('service.stopped');
    process.exit(0);
  });
});
process.on('message', () => undefined);
stopWithParent();
reportReadiness(() => ({ ok: ready, reasons: [] }));
await begin;
ready = true;
