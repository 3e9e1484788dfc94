// @ts-check

/** @typedef {{ at: number, until: number, kind: string, target: string, losesData: boolean }} InjectedFault */

/** Kinds that may undo what a store without every safety had already told. */
const LOSING = /torn|failover|fail-over|power|flush|wipe|data-loss|split-brain/i;

/** An effect told so long before a loss may be among what is lost. */
const LOST_TAIL_MS = 10_000;

/** What was done to the system while it ran: waiting counts from the end of a fault. */
export class FaultList {
  /** @param {readonly InjectedFault[]} faults */
  constructor(faults) {
    this.faults = [...faults].sort((one, other) => one.at - other.at);
    this.#losses = this.faults.filter(({ losesData }) => losesData);
  }

  /** @type {InjectedFault[]} */
  #losses;

  /**
   * @param {number} acceptedAt
   * @param {number} settledAt
   * @returns {number} from when on somebody can be blamed for waiting
   */
  waitingFrom(acceptedAt, settledAt) {
    let from = acceptedAt;
    for (const { at, until } of this.faults) {
      if (at > settledAt) break;
      from = Math.max(from, Math.min(until, settledAt));
    }
    return from;
  }

  /**
   * Whether a declared loss of data lies between what was told at `before` and its repetition at `after`.
   * @param {number} before
   * @param {number} after
   */
  lossBetween(before, after) {
    return this.#losses.some(({ at, until }) => before <= until && before >= at - LOST_TAIL_MS && after > at);
  }
}

/**
 * @param {string} line one line of JSON: { at, kind, target?, until? or durationMs?, losesData? }
 * @param {import('../lines/moment.mjs').MomentReader} moments
 * @returns {InjectedFault | undefined}
 */
export function faultOf(line, moments) {
  /** @type {Record<string, unknown>} */
  let fields;
  try {
    fields = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof fields !== 'object' || fields === null) return undefined;
  const at = moments.read(fields['at']);
  const { kind, target, durationMs, losesData } = fields;
  if (Number.isNaN(at) || typeof kind !== 'string') return undefined;
  const until = moments.read(fields['until'] ?? fields['endedAt']);
  const lasts = typeof durationMs === 'number' ? durationMs : 0;
  return {
    at,
    until: Number.isNaN(until) ? at + lasts : until,
    kind,
    target: typeof target === 'string' ? target : '',
    losesData: typeof losesData === 'boolean' ? losesData : LOSING.test(kind),
  };
}
