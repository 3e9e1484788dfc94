// @ts-check

/**
 * What every part is given.
 * @typedef {{
 *   settings: import('../settings.mjs').BenchSettings, options: Record<string, number>,
 *   progress: import('../progress.mjs').Progress,
 * }} Bench
 */

export {};
