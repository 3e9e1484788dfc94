// @ts-check
import { MATRIX, rowOf } from './matrix.mjs';
import { paramsOf } from './params.mjs';
import { Random } from './random.mjs';
import { misbehavingMessages } from './misbehaving-messages.mjs';

/**
 * One fault to inject: what, when, on whom. Everything that chance decides is decided here.
 * @typedef {{ at: number, row: number, kind: string, pod: number, params: Record<string, any> }} Injection
 *   at: milliseconds since the load began; pod: index among the replicas
 *
 * @typedef {{ at: number, row: number, misbehaviour?: object, items?: { id: string, quantity: number }[], dies: boolean }} Special
 *   at: number of the message; dies: must end as a dead letter, and no other may
 *
 * @typedef {{ phase: string, name: string, seed: number, seconds: number, rate: number, least: number,
 *   injections: Injection[], specials: Special[], wanted: Record<number, number> }} PhasePlan
 *   least: messages to send at least; wanted: injections by row
 *
 * @typedef {{ seed: number, settings: import('./settings.mjs').ChaosSettings, phases: PhasePlan[] }} Plan
 */

/** So much of the pods' work is repeated with a fresh Redis: a file to load at each of a hundred crashes stays small. */
const MOST_SECONDS = 150;
const LEAST_SECONDS = { ci: 6, usual: 5, long: 20 };

/**
 * The whole campaign, from the seed and the settings alone.
 * @param {import('./settings.mjs').ChaosSettings} settings
 * @returns {Plan}
 */
export function makePlan(settings) {
  const random = new Random(settings.seed);
  /** @type {PhasePlan[]} */
  const phases = settings.phases.flatMap((phase) => {
    const wanted = wantedIn(phase, settings);
    if (Object.keys(wanted).length === 0) return [];
    return roundsOf(wanted, settings).map((part, round, all) =>
      phasePlan({
        phase,
        name: all.length > 1 ? `${phase}-${round + 1}` : phase,
        wanted: part,
        settings,
        random,
      }),
    );
  });
  const volume = phases.filter(({ phase }) => phase === 'pods');
  const others = phases
    .filter(({ phase }) => phase !== 'pods')
    .reduce((sum, { seconds, rate }) => sum + seconds * rate, 0);
  for (const phase of volume)
    phase.least = Math.max(0, Math.ceil((settings.messages - others * 0.8) / volume.length));
  return { seed: settings.seed, settings, phases };
}

/**
 * @param {string} phase
 * @param {import('./settings.mjs').ChaosSettings} settings
 * @returns {Record<number, number>} injections by row
 */
function wantedIn(phase, { rows, profile, factor, phases }) {
  /** @type {Record<number, number>} */
  const wanted = {};
  for (const { row, counts, phases: places } of MATRIX) {
    if (!rows.includes(row) || !places.includes(phase)) continue;
    const count = counts[profile];
    if (count === 0 && row !== 9) continue;
    const total = Math.max(1, Math.round(count * (rowOf(row).by === 'phase' ? 1 : factor)));
    const share = shareOf(
      total,
      places.filter((place) => phases.includes(place)),
      phase,
    );
    if (share > 0 || row === 9) wanted[row] = share;
  }
  return wanted;
}

/**
 * Most of a row's injections go to its first phase, a quarter of them to each other.
 * @param {number} total
 * @param {readonly string[]} places
 * @param {string} phase
 */
function shareOf(total, places, phase) {
  // Its own count is that of bytes; beside it the others do all that is asked for.
  if (phase === 'torn-bytes') return 1;
  places = places.filter((place) => place !== 'torn-bytes');
  // Two ways to fill a disk, and neither is the main one.
  if (phase.startsWith('disk-')) return Math.ceil(total / places.length);
  const others = places.slice(1);
  const each =
    others.length === 0
      ? 0
      : Math.floor(total / (places.length <= 2 ? 4 : 5)) || (total >= places.length ? 1 : 0);
  return phase === places[0] ? total - each * others.length : each;
}

/**
 * @param {Record<number, number>} wanted
 * @param {import('./settings.mjs').ChaosSettings} settings
 * @returns {Record<number, number>[]} the same in parts of bearable length
 */
function roundsOf(wanted, settings) {
  const rounds = Math.ceil(secondsFor(wanted, settings) / MOST_SECONDS);
  return Array.from({ length: rounds }, (_, round) =>
    Object.fromEntries(
      Object.entries(wanted).map(([row, count]) => [
        row,
        Math.floor((count * (round + 1)) / rounds) - Math.floor((count * round) / rounds),
      ]),
    ),
  );
}

/**
 * @param {Record<number, number>} wanted
 * @param {import('./settings.mjs').ChaosSettings} settings
 */
function secondsFor(wanted, { profile }) {
  const sum = Object.entries(wanted)
    .filter(([row]) => rowOf(Number(row)).by !== 'load')
    .reduce(
      (total, [row, count]) =>
        total + count * (rowOf(Number(row)).by === 'message' ? 0.05 : rowOf(Number(row)).seconds),
      0,
    );
  return Math.max(LEAST_SECONDS[profile], Math.ceil(sum));
}

/**
 * @param {{ phase: string, name: string, wanted: Record<number, number>,
 *   settings: import('./settings.mjs').ChaosSettings, random: Random }} part
 * @returns {PhasePlan}
 */
function phasePlan({ phase, name, wanted, settings, random: whole }) {
  const random = whole.fork(name);
  const seconds = secondsFor(wanted, settings);
  const rate = phase === 'pods' ? settings.rate : Math.min(settings.rate, phase === 'services' ? 100 : 250);
  /** @type {Injection[]} */
  const injections = [];
  for (const [key, count] of Object.entries(wanted)) {
    const { row, by } = rowOf(Number(key));
    if (by !== 'moment') continue;
    for (let nth = 0; nth < count; nth += 1) {
      // Spread over the whole phase, so that no row ends up on one heap.
      const at = Math.round(((nth + random.next()) / count) * seconds * 900 + 500);
      const { kind, params } = paramsOf(row, nth, { random, phase });
      injections.push({ at, row, kind, pod: random.integer(0, settings.pods - 1), params });
    }
  }
  injections.sort((one, other) => one.at - other.at || one.row - other.row);
  const messages = Math.floor(seconds * rate * 0.8);
  const specials = misbehavingMessages(wanted, messages, random.fork('messages'));
  return { phase, name, seed: random.seed, seconds, rate, least: 0, injections, specials, wanted };
}
