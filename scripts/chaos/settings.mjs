// @ts-check
import { MATRIX, PHASES } from './matrix.mjs';

/**
 * @typedef {{
 *   seed: number, profile: 'ci' | 'usual' | 'long', factor: number, rows: readonly number[], phases: readonly string[],
 *   rate: number, pods: number, recipe: boolean, keep: boolean, alwaysYes: boolean, messages: number,
 * }} ChaosSettings factor: of the profile's counts; messages: least number in sum
 */

const PROFILES = ['ci', 'usual', 'long'];
/** What the default run takes, for MINUTES. */
const USUAL_MINUTES = 3;
/** What fits into a minute. */
const CI_PHASES = ['pods', 'proxy', 'rights'];
/** So that a CI run is the same each time. */
const CI_SEED = 20_261_121;

/**
 * @param {Record<string, string | undefined>} env
 * @returns {ChaosSettings}
 * @throws Error that names every variable that cannot be used
 */
export function chaosSettings(env) {
  /** @type {string[]} */
  const faults = [];
  const number = (/** @type {string} */ name, /** @type {number} */ usual, least = 0, most = 2 ** 31 - 1) => {
    const text = env[name];
    if (text === undefined || text === '') return usual;
    const value = Number(text);
    if (!(value >= least && value <= most))
      faults.push(`${name} must be a number from ${least} to ${most}, not ${text}`);
    return value;
  };
  const choice = (
    /** @type {string} */ name,
    /** @type {string} */ usual,
    /** @type {readonly string[]} */ allowed,
  ) => {
    const text = env[name] || usual;
    if (!allowed.includes(text)) faults.push(`${name} must be one of ${allowed.join(', ')}, not ${text}`);
    return text;
  };
  const profile = /** @type {ChaosSettings['profile']} */ (choice('PROFILE', 'usual', PROFILES));
  const minutes = number('MINUTES', 0, 0, 24 * 60);
  const recipe = choice('RECIPE', 'onlyonce', ['onlyonce', 'usual']) === 'usual';
  const seed = Math.floor(number('SEED', profile === 'ci' ? CI_SEED : Date.now() % 2 ** 31));
  const rows = rowsOf(env['FAULTS'], faults);
  const phases = phasesOf(env['PHASES'], faults, profile === 'ci' ? CI_PHASES : PHASES).filter((phase) =>
    // The recipe knows one Redis and nothing else: it is judged where it could work.
    recipe ? phase === 'pods' : true,
  );
  const settings = {
    seed,
    profile,
    factor: minutes > 0 && profile !== 'long' ? minutes / USUAL_MINUTES : 1,
    rows,
    phases,
    rate: number('RATE', profile === 'long' ? 900 : 300, 1, 100_000),
    pods: number('PODS', profile === 'ci' ? 3 : 5, 2, 50),
    messages: number('MESSAGES', profile === 'long' ? 1_000_000 : 0),
    recipe,
    keep: choice('KEEP', '0', ['0', '1']) === '1',
    alwaysYes: choice('LOCKS', 'real', ['real', 'always-yes']) === 'always-yes',
  };
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return settings;
}

/**
 * @param {string | undefined} text row numbers and parts of names: `1,2,Redis crash`
 * @param {string[]} faults
 */
function rowsOf(text, faults) {
  if (text === undefined || text.trim() === '') return MATRIX.map(({ row }) => row);
  return text.split(',').flatMap((part) => {
    const wanted = part.trim().toLowerCase();
    const found = MATRIX.filter(
      ({ row, name }) => String(row) === wanted || (/\D/.test(wanted) && name.toLowerCase().includes(wanted)),
    );
    if (found.length === 0) faults.push(`FAULTS: no row of the matrix is called ${part.trim()}`);
    return found.map(({ row }) => row);
  });
}

/**
 * @param {string | undefined} text
 * @param {string[]} faults
 * @param {readonly string[]} usual
 * @returns {readonly string[]}
 */
function phasesOf(text, faults, usual) {
  if (text === undefined || text.trim() === '') return usual;
  const wanted = text.split(',').map((part) => part.trim());
  for (const name of wanted)
    if (!(/** @type {readonly string[]} */ (PHASES).includes(name)))
      faults.push(`PHASES: there is no phase ${name}`);
  return PHASES.filter((name) => wanted.includes(name));
}
