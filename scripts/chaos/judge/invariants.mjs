// @ts-check
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { BAD_ITEM } from '../faults/bad-data.mjs';
import { heldMessages } from './held.mjs';

/**
 * @typedef {{ ask: (...command: (string | number)[]) => Promise<any> }} Asked
 * @typedef {{ wrongs: string[], effects: number, rejected: number, dead: number, accepted: number }} Findings
 */

const BUCKETS = 256;
const MOST_TOLD = 5;

/**
 * The invariants I1 to I8 that can be read from a store at rest, without the verifier's help: effects are counted per id
 * by the effect itself, whatever the engine remembers of ids.
 * @param {Asked} redis
 * @param {{ directory: string, groupPrefix: string, namespace?: string, strangers: number,
 *   from?: number, stock?: Record<string, number> }} where from: byte of the list of what was sent from which on it counts;
 *   stock: what there was then
 * @returns {Promise<Findings>}
 */
export async function checkInvariants(
  redis,
  { directory, groupPrefix, namespace = 'shop', strangers, from = 0, stock },
) {
  /** @type {string[]} */
  const wrongs = [];
  const orders = await readAccepted(join(directory, 'accepted.jsonl'), from);
  const { confirmed, rejected, repeated } = await witnesses(redis, namespace);
  const dead = await deadLetters(redis, `${groupPrefix}dead`);
  const few = (/** @type {string[]} */ ids) => `${ids.length}, such as ${ids.slice(0, MOST_TOLD).join(' ')}`;
  const check = (/** @type {string} */ name, /** @type {string[]} */ ids) => {
    if (ids.length > 0) wrongs.push(`${name}: ${few(ids)}`);
  };

  check('I5: ids with more than one effect', repeated);
  check(
    'I5: confirmed and rejected',
    [...confirmed].filter((id) => rejected.has(id)),
  );
  check(
    'I5: dead letters with an effect',
    [...dead].filter((id) => confirmed.has(id) || rejected.has(id)),
  );
  const settled = (/** @type {string} */ id) => confirmed.has(id) || rejected.has(id) || dead.has(id);
  const certain = [...orders].filter(([, { certain }]) => certain).map(([id]) => id);
  check(
    'I6: accepted, and neither settled nor waiting',
    certain.filter((id) => !settled(id)),
  );
  check(
    'I6: settled, and never sent',
    [...confirmed, ...rejected].filter((id) => !orders.has(id)),
  );
  check(
    'healthy messages among the dead',
    [...dead].filter((id) => orders.get(id)?.dies === false),
  );
  check(
    'poison that did not die',
    certain.filter((id) => orders.get(id)?.dies === true && !dead.has(id)),
  );

  const [log, held, retry, meta] = await Promise.all([
    redis.ask('XLEN', `${groupPrefix}log`),
    heldMessages(redis, groupPrefix),
    redis.ask('ZCARD', `${groupPrefix}retry`),
    redis.ask('HLEN', `${groupPrefix}meta`),
  ]);
  if (log > strangers) wrongs.push(`I2: ${log - strangers} entries in the backlog of a system at rest`);
  if (held > 0 || retry > 0)
    wrongs.push(`I2: ${held} held and ${retry} to be tried again in a system at rest`);
  // A letter keeps its history for those who send it back; nothing else has one.
  if (meta > dead.size) wrongs.push(`I2: ${meta} histories for ${dead.size} dead letters`);
  const locks = await keysLike(redis, `${groupPrefix}lock:*`);
  if (locks.length > 0) wrongs.push(`I2: ${locks.length} locks in a system at rest`);
  let marks = 0;
  for (const key of await keysLike(redis, `${groupPrefix}done:*`))
    marks += Number(await redis.ask('HLEN', key));
  const ends =
    confirmed.size + rejected.size + [...dead].filter((id) => !confirmed.has(id) && !rejected.has(id)).length;
  if (marks !== ends) wrongs.push(`I1: ${marks} processed ids for ${ends} ends`);

  wrongs.push(...(await stockFaults(redis, { directory, namespace, orders, confirmed, stock })));
  return {
    wrongs,
    effects: confirmed.size,
    rejected: rejected.size,
    dead: dead.size,
    accepted: certain.length,
  };
}

/**
 * @typedef {{ certain: boolean, dies: boolean, items: { id: string, quantity: number }[] }} Sent
 * @param {string} file
 * @param {number} start
 * @returns {Promise<Map<string, Sent>>}
 */
async function readAccepted(file, start) {
  /** @type {Map<string, Sent>} */
  const orders = new Map();
  for await (const line of createInterface({ input: createReadStream(file, { start }) })) {
    const { orderId, items, accepted, misbehaviour } = JSON.parse(line);
    if (accepted === false) continue;
    const poison = misbehaviour?.do === 'exit' || misbehaviour?.times >= 100;
    const dies = poison || items.some((/** @type {any} */ { id }) => id === BAD_ITEM);
    orders.set(orderId, { certain: accepted !== 'unknown', dies, items });
  }
  return orders;
}

/**
 * @param {Asked} redis
 * @param {string} namespace
 */
async function witnesses(redis, namespace) {
  const confirmed = new Set();
  const rejected = new Set();
  const repeated = [];
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const key = `{${namespace}}:witness:${bucket.toString(16).padStart(2, '0')}`;
    const cells = await redis.ask('HGETALL', key);
    for (let at = 0; at + 1 < cells.length; at += 2) {
      const [how, id] = [cells[at].slice(0, 1), cells[at].slice(2)];
      (how === 'C' ? confirmed : rejected).add(id);
      if (Number(cells[at + 1]) !== 1) repeated.push(id);
    }
  }
  return { confirmed, rejected, repeated };
}

/**
 * @param {Asked} redis
 * @param {string} key
 * @returns {Promise<Set<string>>} ids
 */
export async function deadLetters(redis, key) {
  const ids = new Set();
  for (const [, fields] of await redis.ask('XRANGE', key, '-', '+')) {
    const at = fields.indexOf('i');
    if (at >= 0) ids.add(fields[at + 1]);
  }
  return ids;
}

/**
 * @param {Asked} redis
 * @param {{ directory: string, namespace: string, orders: Map<string, Sent>, confirmed: Set<string>,
 *   stock: Record<string, number> | undefined }} what
 */
async function stockFaults(redis, { directory, namespace, orders, confirmed, stock }) {
  const start = stock ?? JSON.parse(readFileSync(join(directory, 'start-stock.json'), 'utf8'));
  const expected = new Map(Object.entries(start));
  for (const id of confirmed) {
    for (const item of orders.get(id)?.items ?? [])
      expected.set(item.id, Number(expected.get(item.id)) - item.quantity);
  }
  const faults = [];
  const cells = await redis.ask('HGETALL', `{${namespace}}:stock`);
  for (let at = 0; at + 1 < cells.length; at += 2) {
    const [item, units] = [cells[at], Number(cells[at + 1])];
    if (item === BAD_ITEM) continue;
    if (units < 0) faults.push(`I4: ${item} is ${units}`);
    if (units !== expected.get(item)) faults.push(`I4: ${item} is ${units}, not ${expected.get(item)}`);
  }
  return faults;
}

/**
 * @param {Asked} redis
 * @param {string} pattern
 */
async function keysLike(redis, pattern) {
  const found = new Set();
  let cursor = '0';
  const escaped = pattern.replace(/[[\]?\\]/g, '\\$&');
  do {
    const [next, keys] = await redis.ask('SCAN', cursor, 'MATCH', escaped, 'COUNT', 2_000);
    for (const key of keys) found.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...found];
}
