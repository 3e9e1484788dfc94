// @ts-check
import { machineFacts } from './machine.mjs';
import { closedPart, openPart } from './parts/alternating.mjs';
import { postPart } from './parts/post.mjs';
import { recoveryPart } from './parts/recovery.mjs';
import { rememberedPart } from './parts/remembered.mjs';

/**
 * Runs the parts that were asked for, one after the other.
 * @param {import('./settings.mjs').BenchSettings} settings
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<import('./figures/results.mjs').Results>}
 */
export async function runBench(settings, progress) {
  const machine = machineFacts();
  const beganAt = new Date().toISOString();
  const began = performance.now();
  /** @type {string[]} */
  const failures = [];
  /** @type {import('./parts/bench.mjs').Attempt} */
  const attempt = async (label, work) => {
    try {
      return await work();
    } catch (error) {
      const text = `${label} failed: ${error instanceof Error ? error.message : String(error)}`;
      failures.push(text);
      progress.say(text);
      return undefined;
    }
  };
  const options = { bullmqConcurrency: settings.bullmqConcurrency };
  const bench = { settings, progress, options, attempt };
  /** @type {<T>(part: import('./settings.mjs').Part, run: (bench: import('./parts/bench.mjs').Bench) => Promise<T>) => Promise<T | undefined>} */
  const wanted = async (part, run) =>
    settings.parts.includes(part) ? attempt(part, () => run(bench)) : undefined;
  const closed = await wanted('closed', closedPart);
  const open = await wanted('open', openPart);
  const remembered = await wanted('remembered', rememberedPart);
  const posts = await wanted('post', postPart);
  const recovery = await wanted('recovery', recoveryPart);
  return {
    format: 'onlyonce-bench/1',
    beganAt,
    seconds: Math.round((performance.now() - began) / 1e3),
    machine,
    settings,
    trials: [closed, open, remembered?.trials, recovery?.trials].flatMap((some) => some ?? []),
    memory: remembered?.memory ?? [],
    posts: posts ?? [],
    recoveries: recovery?.recoveries ?? [],
    failures,
  };
}
