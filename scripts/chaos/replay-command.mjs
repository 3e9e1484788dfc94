// @ts-check
const NAMES = ['MINUTES', 'FAULTS', 'PHASES', 'RATE', 'PODS', 'RECIPE', 'LOCKS', 'PROFILE', 'MESSAGES'];

/**
 * What has to be typed to have the same campaign again.
 * @param {{ seed: number }} settings
 * @param {Record<string, string | undefined>} [env]
 */
export function replayCommand({ seed }, env = process.env) {
  const given = NAMES.filter((name) => env[name]).map((name) => `${name}=${quoted(env[name] ?? '')}`);
  return ['make chaos', `SEED=${seed}`, ...given].join(' ');
}

/** @param {string} text */
const quoted = (text) => (/^[\w.,-]+$/.test(text) ? text : `'${text}'`);
