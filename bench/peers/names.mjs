// @ts-check

/** Who is measured, in the order of tables and charts. */
export const PEER_NAMES = /** @type {const} */ (['race', 'pull', 'raw', 'bullmq', 'usual', 'nest']);

/** @typedef {typeof PEER_NAMES[number]} PeerName */

/** Those for which a duplicate or a loss is a failure of the benchmark. @type {readonly PeerName[]} */
export const OURS = ['race', 'pull'];

/** @type {Readonly<Record<PeerName, string>>} */
export const TITLES = {
  race: 'Onlyonce, race',
  pull: 'Onlyonce, pull',
  raw: 'raw consumer group',
  bullmq: 'BullMQ',
  usual: 'the usual recipe',
  nest: "Nest's Redis transport",
};

/** What each of them is, for whoever reads the report. @type {Readonly<Record<PeerName, string>>} */
export const NOTES = {
  race: 'every replica hears every message and claims it by id; exactly once',
  pull: 'a message is a doorbell, replicas ask for the next ones; exactly once',
  raw: 'XREADGROUP COUNT 128, effects and XACK in one pipeline: remembers no ids, repeats after a crash; the practical limit',
  bullmq: 'a job queue: addBulk, removeOnComplete, concurrency tuned; at least once',
  usual: 'Pub/Sub, SET NX PX, work, DEL: not exactly-once, loses and repeats',
  nest: 'plain Pub/Sub: every replica gets every event and works on it, so each message takes effect once per replica',
};
