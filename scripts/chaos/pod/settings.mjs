// @ts-check
/**
 * @typedef {{
 *   name: string, redisUrl: string, namespace: string, channel: string, group: string,
 *   strategy: 'race' | 'pull', lockTtlMs: number, concurrency: number, handlerMs: number,
 *   maxAttempts: number, maxTakeovers: number, drainMs: number, waitReplicas: number,
 *   tellHeard: boolean, alwaysYes: boolean, username?: string, password?: string, retentionMs?: number,
 * }} PodSettings tellHeard: also the lines of what was heard and not won, most of a log; alwaysYes: locks of handlers and
 *   duties are given to everybody
 */

const NAME = 'CHAOS_POD';

/** @param {object} settings */
export const settingsEnv = (settings) => ({ [NAME]: JSON.stringify(settings) });

/** @returns {any} what was handed to this process */
export function givenSettings() {
  const text = process.env[NAME];
  if (text === undefined) throw new Error(`${NAME} is missing: this program is started by make chaos`);
  return JSON.parse(text);
}

/** Where an id's effects are counted, whatever the engine remembers. @param {string} id */
export function witnessKey(id) {
  let sum = 0;
  for (let at = 0; at < id.length; at += 1) sum = (sum * 31 + id.charCodeAt(at)) % 256;
  return `witness:${sum.toString(16).padStart(2, '0')}`;
}
