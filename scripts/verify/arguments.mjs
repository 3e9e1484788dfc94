// @ts-check
import { parseArgs } from 'node:util';

/**
 * @typedef {{
 *   files: string[], datadog: string | undefined, from: string, to: string,
 *   accepted: string | undefined, orderUrl: string | undefined, inventoryUrl: string | undefined,
 *   redisUrl: string | undefined, namespace: string, channel: string, groups: string[],
 *   startStock: string | undefined, endStock: string | undefined, faults: string | undefined,
 *   maxWaitMs: number, ask: number, out: string,
 *   stillRunning: boolean, strictLines: boolean, deadIsViolation: boolean, quiet: boolean,
 *   help: boolean, version: boolean,
 * }} Options
 */

const STRING = /** @type {const} */ ('string');
const MANY = /** @type {const} */ (true);
const BOOLEAN = /** @type {const} */ ('boolean');

const OPTIONS = {
  datadog: { type: STRING },
  from: { type: STRING, default: 'now-1h' },
  to: { type: STRING, default: 'now' },
  accepted: { type: STRING },
  'order-url': { type: STRING },
  'inventory-url': { type: STRING },
  'redis-url': { type: STRING },
  namespace: { type: STRING, default: 'shop' },
  channel: { type: STRING, default: 'order_updates' },
  group: { type: STRING, multiple: MANY },
  'start-stock': { type: STRING },
  'end-stock': { type: STRING },
  faults: { type: STRING },
  'max-wait': { type: STRING, default: '60s' },
  ask: { type: STRING, default: '2000' },
  out: { type: STRING, default: '.' },
  'still-running': { type: BOOLEAN, default: false },
  'strict-lines': { type: BOOLEAN, default: false },
  'no-dead': { type: BOOLEAN, default: false },
  quiet: { type: BOOLEAN, default: false },
  help: { type: BOOLEAN, short: 'h', default: false },
  version: { type: BOOLEAN, default: false },
};

const UNITS = /** @type {Record<string, number>} */ ({ ms: 1, s: 1_000, m: 60_000, h: 3_600_000 });

/** The command line cannot be used; every fault of it is in `faults`. */
export class UsageError extends Error {
  /** @param {readonly string[]} faults */
  constructor(faults) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

/**
 * @param {readonly string[]} args without node and script
 * @param {Record<string, string | undefined>} env
 * @returns {Options}
 * @throws UsageError
 */
export function readArguments(args, env) {
  const { values, positionals } = parsed(args);
  const faults = [];
  const maxWaitMs = durationMs(values['max-wait']);
  if (maxWaitMs === undefined)
    faults.push(`--max-wait ${values['max-wait']}: a time such as 500ms, 60s or 5m`);
  const ask = /^\d{1,9}$/.test(values.ask) ? Number(values.ask) : undefined;
  if (ask === undefined) faults.push(`--ask ${values.ask}: how many orders to ask the service about`);
  for (const name of /** @type {const} */ (['order-url', 'inventory-url', 'redis-url'])) {
    const url = values[name];
    if (url !== undefined && !isUrl(url, name === 'redis-url' ? /^rediss?:$/ : /^https?:$/))
      faults.push(`--${name} ${url}: no usable URL`);
  }
  const told = values.help || values.version;
  if (!told && positionals.length === 0 && values.datadog === undefined)
    faults.push('give log files, globs, - for standard input, or --datadog with a query');
  if (values.datadog !== undefined && !told && !(env['DD_API_KEY'] && env['DD_APP_KEY']))
    faults.push('--datadog needs DD_API_KEY and DD_APP_KEY in the environment (and DD_SITE outside of US1)');
  if (faults.length > 0) throw new UsageError(faults);
  return {
    files: positionals,
    datadog: values.datadog,
    from: values.from,
    to: values.to,
    accepted: values.accepted,
    orderUrl: values['order-url'],
    inventoryUrl: values['inventory-url'],
    redisUrl: values['redis-url'],
    namespace: values.namespace,
    channel: values.channel,
    groups: values.group ?? [],
    startStock: values['start-stock'],
    endStock: values['end-stock'],
    faults: values.faults,
    maxWaitMs: maxWaitMs ?? 0,
    ask: ask ?? 0,
    out: values.out,
    stillRunning: values['still-running'],
    strictLines: values['strict-lines'],
    deadIsViolation: values['no-dead'],
    quiet: values.quiet,
    help: values.help,
    version: values.version,
  };
}

/** @param {readonly string[]} args */
function parsed(args) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError([error instanceof Error ? error.message : String(error)]);
  }
}

/** @param {string} text */
function durationMs(text) {
  const [, amount, unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (UNITS[unit] ?? 1);
}

/**
 * @param {string} text
 * @param {RegExp} protocol
 */
function isUrl(text, protocol) {
  return URL.canParse(text) && protocol.test(new URL(text).protocol);
}
