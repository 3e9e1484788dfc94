// @ts-check

/**
 * @typedef {Readonly<{
 *   orders: number, repeats: number, ordersPerSecond: number, lockTtlMs: number, handlerDelayMs: number,
 *   settleSeconds: number,
 * }>} DemoSettings
 */

/**
 * Reads the demo's settings; every one has a default.
 * @param {NodeJS.ProcessEnv} env
 * @returns {DemoSettings}
 * @throws Error listing all that are wrong
 */
export function demoSettings(env) {
  /** @type {string[]} */
  const faults = [];
  const integer = (
    /** @type {string} */ name,
    /** @type {number} */ usual,
    /** @type {number} */ least,
    /** @type {number} */ most,
  ) => {
    const value = Number(env[name] ?? usual);
    if (!Number.isInteger(value) || value < least || value > most) {
      faults.push(`${name} must be an integer from ${least} to ${most}`);
    }
    return value;
  };
  const orders = integer('DEMO_ORDERS', 500, 100, 20_000);
  const settings = {
    orders,
    repeats: Math.floor(orders / 5),
    ordersPerSecond: integer('DEMO_ORDERS_PER_SECOND', 80, 1, 2_000),
    lockTtlMs: integer('DEMO_LOCK_TTL_MS', 2_000, 500, 10_000),
    handlerDelayMs: integer('DEMO_HANDLER_DELAY_MS', 200, 50, 5_000),
    settleSeconds: integer('DEMO_SETTLE_SECONDS', 40, 5, 600),
  };
  if (faults.length > 0) throw new Error(faults.join('; '));
  return Object.freeze(settings);
}
