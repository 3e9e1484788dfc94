// @ts-check

/**
 * What every part is given.
 * @typedef {{
 *   settings: import('../settings.mjs').BenchSettings, options: Record<string, number>,
 *   progress: import('../progress.mjs').Progress, attempt: Attempt,
 * }} Bench
 */

/**
 * Does something that may fail without taking the whole benchmark with it: what failed is told, kept, and undefined.
 * @typedef {<T>(label: string, work: () => Promise<T>) => Promise<T | undefined>} Attempt
 */

export {};
