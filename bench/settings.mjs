// @ts-check
import { PEER_NAMES } from './peers/names.mjs';

export const PARTS = /** @type {const} */ (['closed', 'open', 'remembered', 'post', 'recovery']);

/** @typedef {typeof PARTS[number]} Part */
/** @typedef {import('./peers/names.mjs').PeerName} PeerName */

/**
 * @typedef {Readonly<{
 *   parts: readonly Part[], peers: readonly PeerName[], replicas: readonly number[], runs: number, messages: number,
 *   rate: number, seconds: number, window: number, backlog: number, remembered: readonly number[],
 *   connections: number, bullmqConcurrency: number, out: string, quick: boolean,
 * }>} BenchSettings
 */

/** What QUICK=1 changes; whatever the environment names still wins. */
const QUICK = {
  RUNS: '1',
  MESSAGES: '20000',
  REPLICAS: '3',
  SECONDS: '3',
  BACKLOG: '100000',
  REMEMBERED: '10000,1000000',
};

/**
 * Reads the settings of `make bench`; every one has a default.
 * @param {NodeJS.ProcessEnv} env
 * @returns {BenchSettings}
 * @throws Error naming every variable that is wrong
 */
export function benchSettings(env) {
  const quick = env['QUICK'] !== undefined && env['QUICK'] !== '' && env['QUICK'] !== '0';
  const reader = new Reader({ ...(quick ? QUICK : {}), ...definedOnly(env) });
  const settings = {
    parts: reader.names('PARTS', PARTS, PARTS),
    peers: reader.names('PEERS', PEER_NAMES, PEER_NAMES),
    replicas: reader.integers('REPLICAS', [1, 3, 6, 12], 1, 64),
    runs: reader.integer('RUNS', 5, 1, 100),
    messages: reader.integer('MESSAGES', 40_000, 100, 10_000_000),
    rate: reader.integer('RATE', 1_500, 1, 100_000),
    seconds: reader.integer('SECONDS', 8, 1, 600),
    window: reader.integer('WINDOW', 1_000, 1, 1_000_000),
    backlog: reader.integer('BACKLOG', 1_000_000, 1_000, 10_000_000),
    remembered: reader.integers('REMEMBERED', [10_000, 100_000, 1_000_000, 10_000_000], 1_000, 100_000_000),
    connections: reader.integer('CONNECTIONS', 64, 1, 5_000),
    bullmqConcurrency: reader.integer('BULLMQ_CONCURRENCY', 64, 1, 10_000),
    out: reader.env['OUT'] ?? '.onlyonce/bench',
    quick,
  };
  if (reader.faults.length > 0) throw new Error(reader.faults.join('; '));
  return Object.freeze(settings);
}

/** @param {NodeJS.ProcessEnv} env an empty variable counts as not set */
const definedOnly = (env) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));

/** Reads one variable after the other and keeps what is wrong. */
class Reader {
  /** @type {string[]} */
  faults = [];

  /** @param {Record<string, string | undefined>} env */
  constructor(env) {
    this.env = env;
  }

  /**
   * @param {string} name
   * @param {number} usual
   * @param {number} least
   * @param {number} most
   */
  integer(name, usual, least, most) {
    const value = Number(this.env[name] ?? usual);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    this.faults.push(`${name} must be an integer from ${least} to ${most} (got ${this.env[name]})`);
    return usual;
  }

  /**
   * @param {string} name
   * @param {readonly number[]} usual
   * @param {number} least
   * @param {number} most
   */
  integers(name, usual, least, most) {
    const text = this.env[name];
    if (text === undefined) return usual;
    const values = text.split(',').map((part) => Number(part.trim() || Number.NaN));
    if (values.every((value) => Number.isInteger(value) && value >= least && value <= most)) {
      return [...new Set(values)].sort((a, b) => a - b);
    }
    this.faults.push(
      `${name} must be integers from ${least} to ${most}, separated by commas (got ${this.env[name]})`,
    );
    return usual;
  }

  /**
   * @template {string} Name
   * @param {string} name
   * @param {readonly Name[]} known
   * @param {readonly Name[]} usual
   * @returns {readonly Name[]} in the order of `known`
   */
  names(name, known, usual) {
    const text = this.env[name];
    if (text === undefined) return usual;
    const wanted = text.split(',').map((part) => part.trim());
    const unknown = wanted.filter((one) => !known.some((other) => other === one));
    if (unknown.length === 0) return known.filter((one) => wanted.includes(one));
    this.faults.push(`${name} knows ${known.join(', ')}, separated by commas (got ${text})`);
    return usual;
  }
}
