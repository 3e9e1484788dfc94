// @ts-check
// What the protocol asks of Redis for a batch (docs/protocol.md), command by command, as variadic as it goes and with every
// value known beforehand. What is asked is answered and looked at by nobody: this is no protocol, it is its floor.

/** @typedef {import('./messages.mjs').Planned} Planned */
/** @typedef {readonly (string | number)[]} Command */

const key = (/** @type {string} */ name) => `{bench}:floor:${name}`;
const TTL_MS = 60_000;

/**
 * @param {readonly Planned[]} batch
 * @returns {Command[]}
 */
export function publishCommands(batch) {
  const last = batch.at(-1)?.entry ?? '';
  return [
    ...byBucket(batch, 'ids', (command, messages) => [
      'HMGET',
      command,
      ...messages.map(({ field }) => field),
    ]),
    ['SMEMBERS', key('groups')],
    ['GET', key('last')],
    ...batch.map(({ entry, text }) => ['XADD', key('log'), entry, 'm', text]),
    ['SET', key('last'), last],
    ...byBucket(batch, 'ids', (command, messages) => [
      'HSET',
      command,
      ...messages.flatMap(({ field }) => [field, 'fingerprnt']),
    ]),
    ['PUBLISH', key('channel'), batch.map(({ text }) => text).join('\n')],
    ['PUBLISH', key('bell'), batch.map(({ id }) => `${id}\t`).join('\n')],
  ];
}

/**
 * @param {readonly Planned[]} batch
 * @returns {Command[]}
 */
export function claimCommands(batch) {
  const heard = key(`heard:${batch[0]?.entry ?? ''}`);
  return [
    ['MGET', heard],
    ['MGET', ...batch.map(({ lock }) => lock)],
    ...byBucket(batch, 'done', (command, messages) => [
      'HMGET',
      command,
      ...messages.map(({ field }) => field),
    ]),
    ['HMGET', key('held'), ...batch.map(({ id }) => id)],
    ['EXISTS', key('retry'), key('meta')],
    ['GET', key('fence')],
    ['SET', key('fence'), '1700000000000000'],
    ...batch.map(({ lock, token }) => ['SET', lock, token, 'PX', TTL_MS]),
    ['HSET', key('held'), ...batch.flatMap(({ id, held }) => [id, held])],
    ['SET', heard, 'nonce', 'PX', TTL_MS],
  ];
}

/**
 * Of a pod that comes too late.
 * @param {readonly Planned[]} batch
 * @returns {Command[]}
 */
export const loseCommands = (batch) => [['MGET', key(`heard:${batch[0]?.entry ?? ''}`)]];

/**
 * @param {readonly Planned[]} batch
 * @returns {Command[]}
 */
export function commitCommands(batch) {
  const ids = batch.map(({ id }) => id);
  const locks = batch.map(({ lock }) => lock);
  const items = [...new Set(batch.flatMap((message) => message.items.map(({ id }) => id)))];
  return [
    ['MGET', ...locks],
    ['HMGET', key('stock'), ...items],
    ['HMGET', key('applied'), ...ids],
    ['XDEL', key('log'), ...batch.map(({ entry }) => entry)],
    ['DEL', ...locks],
    ['HDEL', key('held'), ...ids],
    ['HSET', key('stock'), ...items.flatMap((item) => [item, '999000000'])],
    ['HSET', key('applied'), ...ids.flatMap((id) => [id, '1'])],
    ...byBucket(batch, 'done', (command, messages) => [
      'HSET',
      command,
      ...messages.flatMap(({ field }) => [field, 'C']),
    ]),
    ['EXISTS', key('meta')],
    [
      'XADD',
      key('recent'),
      'MAXLEN',
      '~',
      1_000,
      '*',
      'pod',
      'pod-1',
      'ids',
      ids.map((id) => `C1 ${id}`).join('\n'),
    ],
  ];
}

/**
 * @param {readonly Planned[]} batch
 * @param {string} kind
 * @param {(bucket: string, messages: readonly Planned[]) => Command} command
 * @returns {Command[]}
 */
function byBucket(batch, kind, command) {
  const buckets = Map.groupBy(batch, ({ bucket }) => bucket);
  return [...buckets].map(([bucket, messages]) => command(key(`${kind}:${bucket}`), messages));
}
