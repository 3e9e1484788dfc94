// @ts-check
import { composeSystem } from './compose-system.mjs';
import { givenSystem } from './given-system.mjs';
import { OwnSystem } from './own-system.mjs';
import { upSystem } from './up-system.mjs';

/**
 * What is put under load. lines: its log lines from now on, undefined where there are none; logFiles: where they are
 * to be read afterwards, if not in what is kept of `lines`; close: after it nothing is written any more;
 * judgedBy: options of the verifier that name the store as witness, after `close`.
 * @typedef {{
 *   what: string, orderUrl: string, inventoryUrl: string | undefined,
 *   lines: import('../capture/log-capture.mjs').Lines | undefined, logFiles: readonly string[],
 *   judgedBy: readonly string[], close(): Promise<void>, clear(): Promise<void>, killNow(): void,
 * }} System
 */

/**
 * @param {import('../settings.mjs').LoadSettings} settings
 * @param {{
 *   directory: string, since: Date, say: (text: string) => void, starting: (system: System) => void,
 * }} run   starting: told before anything is started, so that it can be ended at any moment
 * @returns {Promise<System>}
 */
export async function systemUnderLoad(settings, { directory, since, say, starting }) {
  switch (settings.target) {
    case 'own': {
      const own = new OwnSystem(directory);
      starting(own);
      await own.start(settings, say);
      return own;
    }
    case 'up':
      return upSystem(settings);
    case 'compose':
      return composeSystem(since);
    default:
      return givenSystem(settings, since);
  }
}
