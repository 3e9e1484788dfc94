// @ts-check
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * A Chromium of this machine: CHROME_PATH, else one on PATH. None is installed for the sake of a test.
 * @param {Record<string, string | undefined>} env
 * @returns {string | undefined}
 */
export function chromiumOf(env) {
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [env['CHROME_PATH'] ?? '', ...onPath].filter(Boolean).find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
