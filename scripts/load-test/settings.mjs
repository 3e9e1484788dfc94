// @ts-check

/**
 * @typedef {Readonly<{
 *   orders: number, rate: number | undefined, connections: number, duplicates: number, replicas: number, items: number,
 *   ttlMs: number, timeoutMs: number, retries: number, settleSeconds: number, maxWait: string,
 *   target: string, inventoryUrl: string | undefined, logs: string | undefined, out: string | undefined,
 *   apiKey: string | undefined, adminApiKey: string | undefined,
 * }>} LoadSettings   target: `own`, `up`, `compose`, or the URL of an order service
 */

/** Settings that say how processes are started, and are of no use where somebody else started them. */
const OF_OWN_PROCESSES = ['REPLICAS', 'TTL'];
/** Settings that say where a system is that this one does not know by itself. */
const OF_A_URL = ['INVENTORY_URL', 'LOGS'];

const TARGET_RULE = 'must be up, compose, or the http(s) URL of an order service';

/**
 * Reads the settings of `make load-test`; every one has a default, and one that is set to nothing counts as not set.
 * @param {NodeJS.ProcessEnv} env
 * @returns {LoadSettings}
 * @throws Error that names every variable that is wrong
 */
export function loadSettings(env) {
  /** @type {string[]} */
  const faults = [];
  const text = (/** @type {string} */ name) => (env[name]?.trim() ? env[name].trim() : undefined);
  const integer = (
    /** @type {string} */ name,
    /** @type {[number, number, number]} */ [usual, least, most],
  ) => {
    const value = Number(text(name) ?? usual);
    if (!Number.isInteger(value) || value < least || value > most)
      faults.push(`${name} must be an integer from ${least} to ${most}`);
    return value;
  };
  const orders = integer('ORDERS', [10_000, 1, 10_000_000]);
  const target = text('TARGET') ?? 'own';
  const isUrl = !['own', 'up', 'compose'].includes(target);
  if (isUrl && !isHttpUrl(target)) faults.push(`TARGET ${TARGET_RULE}`);
  const inventoryUrl = text('INVENTORY_URL');
  if (inventoryUrl !== undefined && !isHttpUrl(inventoryUrl))
    faults.push('INVENTORY_URL must be the http(s) URL of an inventory service');
  if (target !== 'own') {
    for (const name of OF_OWN_PROCESSES.filter((variable) => text(variable) !== undefined))
      faults.push(`${name} is for processes that the load test starts itself; TARGET is ${target}`);
  }
  if (!isUrl) {
    for (const name of OF_A_URL.filter((variable) => text(variable) !== undefined))
      faults.push(`${name} goes with a URL in TARGET`);
  }
  const maxWait = text('MAX_WAIT') ?? '60s';
  if (!/^\d+(\.\d+)?(ms|s|m|h)$/.test(maxWait))
    faults.push('MAX_WAIT must be a time such as 500ms, 60s or 5m');
  const settings = {
    orders,
    rate: text('RATE') === undefined ? undefined : number('RATE', 0.1, 1_000_000),
    connections: integer('CONNECTIONS', [64, 1, 10_000]),
    duplicates: text('DUPLICATES') === undefined ? 0 : number('DUPLICATES', 0, 1),
    replicas: integer('REPLICAS', [3, 1, 50]),
    items: integer('ITEMS', [20, 1, 10_000]),
    ttlMs: integer('TTL', [5_000, 500, 600_000]),
    timeoutMs: integer('TIMEOUT', [10_000, 100, 600_000]),
    retries: integer('RETRIES', [5, 0, 100]),
    settleSeconds: integer('SETTLE_SECONDS', [120, 1, 86_400]),
    maxWait,
    target,
    inventoryUrl,
    logs: text('LOGS'),
    out: text('OUT'),
    apiKey: text('API_KEY'),
    adminApiKey: text('ADMIN_API_KEY'),
  };
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return Object.freeze(settings);

  /**
   * @param {string} name
   * @param {number} least
   * @param {number} most
   */
  function number(name, least, most) {
    const value = Number(text(name));
    if (!(value >= least && value <= most)) faults.push(`${name} must be a number from ${least} to ${most}`);
    return value;
  }
}

/** @param {string} text */
const isHttpUrl = (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
