// @ts-check
import { SettingsReader } from '../settings.mjs';

/**
 * @typedef {Readonly<{
 *   atLeast: number, perSecond: number, settleSeconds: number, maxWait: string,
 *   apiKey: string | undefined, adminApiKey: string | undefined,
 * }>} DemoSettings
 */

/**
 * Reads what `make k8s-demo` takes beside the settings of all k8s commands.
 * @param {NodeJS.ProcessEnv} env
 * @returns {DemoSettings}
 * @throws import('../problem.mjs').Problem that names every variable that is wrong
 */
export function demoSettings(env) {
  const read = new SettingsReader(env);
  const maxWait = read.text('MAX_WAIT') ?? '60s';
  if (!/^\d+(\.\d+)?(ms|s|m|h)$/.test(maxWait))
    read.fault('MAX_WAIT must be a time such as 500ms, 60s or 5m');
  const settings = {
    atLeast: read.integer('ORDERS', [1_000, 10, 20_000]),
    perSecond: read.integer('RATE', [50, 1, 500]),
    settleSeconds: read.integer('SETTLE_SECONDS', [120, 5, 3_600]),
    maxWait,
    apiKey: read.text('API_KEY'),
    adminApiKey: read.text('ADMIN_API_KEY'),
  };
  read.end();
  return Object.freeze(settings);
}
