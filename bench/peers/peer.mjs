// @ts-check

/** @typedef {import('../messages.mjs').Message} Message */

/**
 * @typedef {{ url: string, pod: string, applied: (id: string) => void, options: Readonly<Record<string, number>> }} PodContext
 *   applied: to be called when the effect of a message is known to have happened; options: of BENCH settings
 */

/**
 * @typedef {{
 *   publish: (messages: readonly Message[]) => Promise<unknown>, close: () => Promise<void>,
 * }} PeerPublisher publish resolves when all are accepted, as this peer understands it
 */

/**
 * One way to get messages to replicas and have each take effect. Runs in processes of its own: pods and a publisher.
 * @typedef {{
 *   startPod: (context: PodContext) => Promise<{ stop: () => Promise<void> }>,
 *   openPublisher: (url: string) => Promise<PeerPublisher>,
 * }} Peer startPod resolves when the pod receives messages; stop: when the work under way has ended
 */

/** @type {Readonly<Record<import('./names.mjs').PeerName, () => Promise<{ peer: Peer }>>>} loaded only where it runs */
const PEERS = {
  race: () => import('./onlyonce-race.mjs'),
  pull: () => import('./onlyonce-pull.mjs'),
  raw: () => import('./raw-group.mjs'),
  bullmq: () => import('./bullmq.mjs'),
  usual: () => import('./usual.mjs'),
  nest: () => import('./nest.mjs'),
};

/**
 * @param {string} name
 * @returns {Promise<Peer>}
 */
export async function peerNamed(name) {
  const load = PEERS[/** @type {keyof typeof PEERS} */ (name)];
  if (load === undefined) throw new Error(`there is no peer ${name}`);
  return (await load()).peer;
}
