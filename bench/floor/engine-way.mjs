// @ts-check
import { once } from 'node:events';
import { openBackend } from '../peers/onlyonce.mjs';
import { CHANNEL, GROUP } from '../messages.mjs';
import { LOSERS } from './ways.mjs';

/** @typedef {import('./messages.mjs').Planned} Planned */
/** @typedef {import('@onlyonce/core').Envelope} Envelope */
/** @typedef {import('@onlyonce/core').CommitItem} CommitItem */

const TTL_MS = 60_000;
const OTHERWISE = { ifMissing: 'UNKNOWN_ITEM', ifShort: 'OUT_OF_STOCK' };
const REF = { channel: CHANNEL, group: GROUP };
const NOTHING = { effects: [], events: [] };

/**
 * The engine as it is: `race`, one winner and its losers.
 * @param {string} url
 * @returns {Promise<import('./ways.mjs').Way>}
 */
export async function engineWay(url) {
  const { client, store, close } = openBackend(url, 'floor');
  if (client.status !== 'ready') await once(client, 'ready');
  await store.register(REF, 'earliest');
  let nonces = 0;
  const request = (/** @type {string} */ pod) => ({ pod, lockTtlMs: TTL_MS, nonce: `floor${(nonces += 1)}` });
  /** @type {WeakMap<readonly Planned[], Envelope[]>} */
  const heard = new WeakMap();
  /** @type {WeakMap<readonly Planned[], CommitItem[]>} */
  const won = new WeakMap();
  return {
    name: 'engine',
    close,
    steps: {
      publish: async (batch) => {
        const items = batch.map(({ id, body }) => ({ id: messageId(id), body, headers: {}, effects: [] }));
        heard.set(batch, announced(batch, await store.publish(CHANNEL, items)));
      },
      claim: async (batch) => {
        const envelopes = heard.get(batch) ?? [];
        const results = await store.claim(REF, request('pod-1'), envelopes);
        const items = envelopes.map((envelope, at) => resultOf(envelope, batch[at], results[at]));
        won.set(batch, items);
      },
      lose: async (batch) => {
        for (const pod of LOSERS) await store.claim(REF, request(pod), heard.get(batch) ?? []);
      },
      commit: async (batch) => {
        for (const { kind } of await store.commit(REF, won.get(batch) ?? [])) {
          if (kind !== 'committed') throw new Error(`not committed: ${kind}`);
        }
      },
    },
  };
}

/**
 * As pods hear them.
 * @param {readonly Planned[]} batch
 * @param {readonly import('@onlyonce/core').PublishResult[]} results
 * @returns {Envelope[]}
 */
function announced(batch, results) {
  const entries = results.map((result) => {
    if (result.kind !== 'accepted') throw new Error(`not accepted: ${result.kind}`);
    return result.entryId;
  });
  const [first] = entries;
  if (first === undefined) throw new Error('an empty batch');
  const announcement = { first, size: batch.length };
  return batch.map(({ id, body }, at) => ({
    id: messageId(id),
    entryId: entries[at] ?? first,
    headers: {},
    body,
    announcement,
  }));
}

/**
 * What the handler of the benchmark declares.
 * @param {Envelope} envelope
 * @param {Planned | undefined} message
 * @param {import('@onlyonce/core').ClaimResult | undefined} claimed
 * @returns {CommitItem}
 */
function resultOf({ id, entryId }, message, claimed) {
  if (claimed?.kind !== 'won' || !message) throw new Error(`not won: ${claimed?.kind ?? 'no answer'}`);
  const taken = message.items.map(
    (item) =>
      /** @type {const} */ ({
        kind: 'take',
        key: 'stock',
        field: item.id,
        amount: item.quantity,
        ...OTHERWISE,
      }),
  );
  return {
    id,
    entryId,
    token: claimed.token,
    attempt: 1,
    outcome: 'confirmed',
    effects: [...taken, { kind: 'add', key: 'applied', field: id, amount: 1 }],
    events: [],
    onReject: NOTHING,
  };
}

const messageId = (/** @type {string} */ id) => /** @type {import('@onlyonce/core').MessageId} */ (id);
