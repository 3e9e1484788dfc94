// @ts-check
import { tokenOf } from './token.mjs';

/**
 * One line of the vocabulary of docs/logs.md, as far as it counts.
 * @typedef {{
 *   event: string, id: string, channel: string, group: string | undefined, pod: string, service: string, at: number,
 *   token: string | undefined, attempt: number | undefined, durationMs: number | undefined,
 *   reason: string, outcome: string, previousPod: string | undefined, stock: StockChange | undefined,
 * }} Fact at: milliseconds since 1970, NaN if unknown; id: '' for events of a pod
 *
 * @typedef {{ item: string, quantity: number, previous: number | null }} StockChange   previous: null for a new item
 */

const OF_MESSAGES = [
  'order.accepted',
  'message.received',
  'lock.won',
  'lock.lost',
  'message.processed',
  'message.rejected',
  'message.duplicate',
  'message.retry',
  'message.dead',
  'message.recovered',
  'message.released',
  'message.redriven',
];
const STOCK_SET = 'stock.set';
/** Events that are about no message. */
const OF_PODS = new Set(['service.started', 'service.stopping', 'service.stopped', STOCK_SET]);

export const EVENTS = new Set([...OF_MESSAGES, ...OF_PODS]);

/** Where a line without a channel belongs: the documented default of CHANNEL. */
export const DEFAULT_CHANNEL = 'order_updates';

/**
 * @param {Record<string, unknown>} fields of a line whose `event` is in the vocabulary
 * @param {string} text the same line
 * @param {import('./moment.mjs').MomentReader} moments
 * @returns {Fact | undefined} undefined when it does not say which message it is about
 */
export function factOf(fields, text, moments) {
  const event = /** @type {string} */ (fields['event']);
  const ofPod = OF_PODS.has(event);
  const id = idOf(fields['messageId']);
  if (id === undefined && !ofPod) return undefined;
  const stock = event === STOCK_SET ? stockOf(fields) : undefined;
  if (event === STOCK_SET && !stock) return undefined;
  const group = textOf(fields['group']);
  const service = textOf(fields['service']) ?? '';
  const { attempt, durationMs } = fields;
  const rawToken = fields['fencingToken'];
  return {
    event,
    id: id ?? '',
    channel: textOf(fields['channel']) ?? DEFAULT_CHANNEL,
    // Only `order.accepted` and a repeated order have no group. Elsewhere a line without one is of its service's group.
    group:
      group ?? (ofPod || event === 'order.accepted' || event === 'message.duplicate' ? undefined : service),
    pod: textOf(fields['pod']) ?? '',
    service,
    at: moments.read(fields['time']),
    token: rawToken === undefined ? undefined : tokenOf(rawToken, text),
    attempt: numberOf(attempt),
    durationMs: numberOf(durationMs),
    reason: textOf(fields['reason']) ?? '',
    outcome: textOf(fields['outcome']) ?? '',
    previousPod: textOf(fields['previousPod']),
    stock,
  };
}

/**
 * Whether a line without an event of the vocabulary is one of ours.
 * @param {Record<string, unknown>} fields
 */
export function isOurs(fields) {
  return typeof fields['service'] === 'string' && typeof fields['pod'] === 'string' && 'level' in fields;
}

/** @param {unknown} value */
const textOf = (value) => (typeof value === 'string' && value !== '' ? value : undefined);

/**
 * @param {Record<string, unknown>} fields
 * @returns {StockChange | undefined}
 */
function stockOf({ item, quantity, previous }) {
  const [units, before] = [numberOf(quantity), previous === null ? null : numberOf(previous)];
  if (typeof item !== 'string' || units === undefined || before === undefined) return undefined;
  return { item, quantity: units, previous: before };
}

/**
 * Some shippers make texts of numbers.
 * @param {unknown} value
 */
const numberOf = (value) => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
};

/** @param {unknown} value */
const idOf = (value) => (typeof value === 'number' ? String(value) : textOf(value));
