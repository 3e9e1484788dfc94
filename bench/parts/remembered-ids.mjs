// @ts-check
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { openBackend } from '../peers/onlyonce.mjs';
import { CHANNEL, GROUP, idOf, itemsOf, NAMESPACE } from '../messages.mjs';

/**
 * The fast path that fills a Redis with remembered ids. Where an id is remembered is asked of the engine itself (the
 * address function of the build that is measured); what stands there is compared with what the engine writes, and a
 * sample must be refused as duplicates, before anything is measured.
 */

/** What the engine remembers of an id that was processed. */
const CONFIRMED = 'C';
/** The rate for which the engine plans its buckets unless told otherwise. */
const IDS_PER_MS = 1;
const CHUNK = 50_000;
const MOST_FIELDS = 128;
const SAMPLE = 500;

/** Sequence numbers of ids that only exist as a memory: far above those of messages that are sent. */
const FIRST_SEQUENCE = 2 ** 40;

/** @typedef {import('ioredis').Redis} Redis */
/** @typedef {{ sliceMs: number, buckets: number, generationMs: number }} Layout */
/** @typedef {{ bucket: string, field: string }} Address */

const PREFIX = `{${NAMESPACE}}:${CHANNEL}:`;
export const IDS_PREFIX = `${PREFIX}ids:`;
export const DONE_PREFIX = `${PREFIX}${GROUP}:done:`;

/** @returns {Promise<(id: string, layout: Layout) => Address>} */
async function addressFunction() {
  const module = new URL('store/id-address.js', import.meta.resolve('@onlyonce/redis'));
  return (await import(module.href)).addressOf;
}

/** All of them with the same body: ten million digests would take longer than all the rest. */
const BODY = JSON.stringify({ items: itemsOf(0) });
const FINGERPRINT = createHash('sha256').update(BODY).digest('base64url').slice(0, 10);

/** @param {Redis} redis @returns {Promise<Layout>} */
async function layoutOf(redis) {
  const [slice, buckets, generation] = await redis.hmget(`${PREFIX}layout`, 'slice', 'buckets', 'generation');
  if (!slice) throw new Error('the engine has not registered its channel: no layout of remembered ids');
  return { sliceMs: Number(slice), buckets: Number(buckets), generationMs: Number(generation) };
}

/**
 * Ids spread over the past at the rate that the engine plans for, oldest first; worked out again rather than kept, since
 * ten million texts would fill the memory of this process.
 * @param {number} index
 * @param {{ count: number, newestMs: number }} all
 */
function rememberedId(index, { count, newestMs }) {
  const spread = (Math.imul(index, 0x9e3779b1) >>> 0) / 2 ** 32;
  return idOf(FIRST_SEQUENCE + index, newestMs - Math.floor((count - 1 - index) / IDS_PER_MS), spread);
}

/**
 * @param {{ url: string, redis: Redis, count: number, onProgress: (done: number) => void }} what
 * @returns {Promise<{ idsBytes: number, doneBytes: number }>} what one id takes on each side, in bytes of used_memory
 */
export async function fillRemembered({ url, redis, count, onProgress }) {
  const backend = openBackend(url, 'filler');
  try {
    if (backend.client.status !== 'ready') await once(backend.client, 'ready');
    await backend.store.register({ channel: CHANNEL, group: GROUP }, 'earliest');
    const layout = await layoutOf(redis);
    const addressOf = await addressFunction();
    await compareWithEngine(backend.store, redis, layout, addressOf);
    const all = { count, newestMs: Date.now() - 60_000 };
    const side = async (
      /** @type {string} */ prefix,
      /** @type {string} */ value,
      /** @type {number} */ base,
    ) => {
      const before = await usedMemory(redis);
      for (let from = 0; from < count; from += CHUNK) {
        const entries = [];
        for (let index = from; index < Math.min(count, from + CHUNK); index += 1) {
          entries.push(addressOf(rememberedId(index, all), layout));
        }
        await write(redis, prefix, entries, value);
        onProgress(base + Math.min(count, from + CHUNK));
      }
      return ((await usedMemory(redis)) - before) / count;
    };
    const idsBytes = await side(IDS_PREFIX, FINGERPRINT, 0);
    const doneBytes = await side(DONE_PREFIX, CONFIRMED, count);
    await refuseSample(backend.store, all);
    return { idsBytes, doneBytes };
  } finally {
    await backend.close();
  }
}

/**
 * @param {Redis} redis
 * @param {string} prefix
 * @param {readonly Address[]} entries in the order of time: those of a bucket are neighbours
 * @param {string} value the same for all
 */
async function write(redis, prefix, entries, value) {
  const pipeline = redis.pipeline();
  let at = 0;
  while (at < entries.length) {
    const bucket = entries[at]?.bucket;
    const pairs = [];
    for (; at < entries.length && entries[at]?.bucket === bucket && pairs.length < 2 * MOST_FIELDS; at += 1) {
      pairs.push(entries[at]?.field ?? '', value);
    }
    pipeline.hset(`${prefix}${bucket}`, ...pairs);
  }
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
}

/**
 * Without the buffers of connections and of the append-only file, which come and go by the hundred kilobytes.
 * @param {Redis} redis
 */
async function usedMemory(redis) {
  const info = await redis.info('memory');
  const bytes = (/** @type {string} */ name) =>
    Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  return bytes('used_memory') - bytes('mem_clients_normal') - bytes('mem_aof_buffer');
}

/**
 * One real message through the engine: what it leaves must be what the fast path would have written.
 * @param {import('@onlyonce/core').MessageStore} store
 * @param {Redis} redis
 * @param {Layout} layout
 * @param {(id: string, layout: Layout) => Address} addressOf
 */
async function compareWithEngine(store, redis, layout, addressOf) {
  const ref = { channel: CHANNEL, group: GROUP };
  const id = /** @type {import('@onlyonce/core').MessageId} */ (idOf(FIRST_SEQUENCE - 1, Date.now()));
  await store.publish(CHANNEL, [{ id, body: BODY, headers: {}, effects: [] }]);
  const [won] = await store.pull(ref, { pod: 'filler', lockTtlMs: 5_000, nonce: 'filler', limit: 1 });
  if (won?.envelope.id !== id) throw new Error('the engine did not hand out the message just published');
  const { token, envelope } = won;
  await store.commit(ref, [
    {
      id,
      entryId: envelope.entryId,
      token,
      attempt: 1,
      outcome: 'confirmed',
      effects: [],
      events: [],
      onReject: { effects: [], events: [] },
    },
  ]);
  const { bucket, field } = addressOf(id, layout);
  const found = [
    await redis.hgetall(`${IDS_PREFIX}${bucket}`),
    await redis.hgetall(`${DONE_PREFIX}${bucket}`),
  ];
  const due = [{ [field]: FINGERPRINT }, { [field]: CONFIRMED }];
  if (JSON.stringify(found) !== JSON.stringify(due)) {
    throw new Error(
      `the engine remembers ids in another way than bench/parts/remembered-ids.mjs writes them: ` +
        `found ${JSON.stringify(found)}, would write ${JSON.stringify(due)}`,
    );
  }
}

/**
 * @param {import('@onlyonce/core').MessageStore} store
 * @param {{ count: number, newestMs: number }} all
 */
async function refuseSample(store, all) {
  const size = Math.min(SAMPLE, all.count);
  const sample = Array.from({ length: size }, (_, index) => {
    const id = rememberedId(Math.floor((index * all.count) / size), all);
    return /** @type {import('@onlyonce/core').MessageId} */ (id);
  });
  for (let from = 0; from < sample.length; from += 100) {
    const some = sample.slice(from, from + 100);
    const published = await store.publish(
      CHANNEL,
      some.map((id) => ({ id, body: BODY, headers: {}, effects: [] })),
    );
    // As recent as an envelope just heard: of an old one the engine would ask the backlog instead.
    const entryId = /** @type {import('@onlyonce/core').EntryId} */ (`${Date.now()}-0`);
    const claimed = await store.claim(
      { channel: CHANNEL, group: GROUP },
      { pod: 'filler', lockTtlMs: 5_000, nonce: 'sample' },
      some.map((id) => ({ id, entryId, headers: {}, body: '' })),
    );
    const wrong = some.flatMap((id, index) => {
      const [again, won] = [published[index]?.kind, claimed[index]?.kind];
      return again === 'duplicate' && won === 'done' ? [] : [`${id} (published: ${again}, claimed: ${won})`];
    });
    if (wrong.length > 0) {
      throw new Error(
        `the engine does not know ${wrong.length} of ${some.length} ids that were filled in, such as ${wrong[0]}`,
      );
    }
  }
}
