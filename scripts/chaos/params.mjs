// @ts-check
import { TTL_MS } from './times.mjs';

/**
 * @typedef {{ random: import('./random.mjs').Random, phase: string }} Dice
 * @typedef {{ kind: string, params: Record<string, any> }} Choice
 */

const WINDOWS = [
  'claim.answered',
  'handler.started',
  'handler.done',
  'commit.sent',
  'commit.answered',
  'claim.sent',
  'envelope.received',
];

/** Which of its kinds a row does the nth time, and how hard. @type {Record<number, (nth: number, dice: Dice) => Choice>} */
const CHOICES = {
  // Half of them at a named point, half whenever the moment comes. The real services have no points to arm.
  1: (nth, { random, phase }) =>
    nth % 2 === 0 && phase === 'pods'
      ? { kind: 'crash at', params: { window: WINDOWS[(nth / 2) % WINDOWS.length] } }
      : { kind: 'SIGKILL', params: { downMs: random.integer(0, 400) } },
  2: (nth, { random, phase }) => ({
    kind: nth % 3 === 0 && phase === 'pods' ? 'pause at' : 'SIGSTOP',
    params: {
      forMs: Math.round((1.2 + random.next() * 1.8) * TTL_MS),
      window: WINDOWS[nth % WINDOWS.length],
    },
  }),
  7: () => ({ kind: 'SIGTERM', params: {} }),
  8: (_, { random }) => ({ kind: 'all pods down', params: { forMs: random.integer(1_500, 2_500) } }),
  10: () => ({ kind: 'reply lost', params: { scripts: ['publish'] } }),
  11: () => ({ kind: 'reply lost', params: { scripts: ['commit'] } }),
  12: () => ({ kind: 'reply lost', params: { scripts: ['claim', 'pull', 'claim-due'] } }),
  13: (_, { random }) => ({ kind: 'Redis SIGKILL', params: { downMs: random.integer(0, 500) } }),
  14: (_, { random }) => ({
    kind: 'torn file',
    params: { within: random.next(), betweenMs: random.integer(150, 400) },
  }),
  15: (_, { random }) => ({
    kind: 'power loss',
    params: { lostMs: random.integer(200, 1_100), within: random.next() },
  }),
  16: (nth, { random }) =>
    nth % 2 === 0
      ? { kind: 'DEBUG SLEEP', params: { seconds: Number((0.3 + random.next() * 1.2).toFixed(2)) } }
      : {
          kind: 'CLIENT PAUSE',
          params: { ms: random.integer(300, 1_500), what: random.pick(['ALL', 'WRITE']) },
        },
  17: (nth) => ({ kind: 'CLIENT KILL', params: { type: nth % 2 === 0 ? 'normal' : 'pubsub' } }),
  18: (nth, { random }) => {
    const ms = random.integer(1_000, 4_000);
    const choices = [
      { kind: 'reset', params: {} },
      { kind: 'delay', params: { delayMs: random.integer(20, 300), ms } },
      { kind: 'throttle', params: { bytesPerSecond: random.integer(2_000, 40_000), ms } },
      { kind: 'half open, then dropped', params: { ms } },
      { kind: 'half open, then resumed', params: { ms } },
      { kind: 'black hole', params: { ms, way: random.pick(['toServer', 'toClient']) } },
    ];
    return /** @type {Choice} */ (choices[nth % choices.length]);
  },
  19: (nth, { random }) => ({
    kind: nth % 2 === 0 ? 'packets dropped' : 'link down',
    params: { forMs: Math.round((1.5 + random.next() * 2) * TTL_MS) },
  }),
  20: (_, { random }) => ({ kind: 'fail-over', params: { lagMs: random.integer(0, 500) } }),
  21: () => ({ kind: 'split brain', params: { forMs: 5_000 } }),
  22: (nth, { random }) => {
    if (nth === 4) return { kind: 'clock step', params: { stepMs: 3_600_000, forMs: 1_500 } };
    if (nth === 5) return { kind: 'clock step', params: { stepMs: -3_600_000, forMs: 1_500 } };
    const stepMs = random.integer(1_000, 20_000) * (nth % 2 === 0 ? 1 : -1);
    return { kind: 'clock step', params: { stepMs, forMs: random.integer(300, 1_200) } };
  },
  23: () => ({ kind: 'SCRIPT FLUSH', params: {} }),
  24: (_, { random }) => ({ kind: 'memory full', params: { forMs: random.integer(500, 1_500) } }),
  25: (_, { random }) => ({ kind: 'disk full', params: { forMs: random.integer(1_000, 2_000) } }),
  26: (_, { random }) => ({ kind: 'slow subscriber', params: { forMs: random.integer(1_200, 2_000) } }),
  30: (nth) => ({ kind: nth % 2 === 0 ? 'newer pod joins' : 'older pod joins', params: { nth } }),
  29: (nth) => ({ kind: 'bad data', params: { nth } }),
};

/**
 * @param {number} row
 * @param {number} nth of this row in this phase
 * @param {Dice} dice
 * @returns {Choice}
 */
export function paramsOf(row, nth, dice) {
  const choose = CHOICES[row];
  if (choose === undefined) throw new Error(`row ${row} has no moments`);
  return choose(nth, dice);
}
