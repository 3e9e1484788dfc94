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
  const bench = { settings, progress, options: { bullmqConcurrency: settings.bullmqConcurrency } };
  const wanted = (/** @type {import('./settings.mjs').Part} */ part) => settings.parts.includes(part);
  const trials = [];
  if (wanted('closed')) trials.push(...(await closedPart(bench)));
  if (wanted('open')) trials.push(...(await openPart(bench)));
  const remembered = wanted('remembered') ? await rememberedPart(bench) : { memory: [], trials: [] };
  const posts = wanted('post') ? await postPart(bench) : [];
  const recovery = wanted('recovery') ? await recoveryPart(bench) : { recoveries: [], trials: [] };
  return {
    format: 'onlyonce-bench/1',
    beganAt,
    seconds: Math.round((performance.now() - began) / 1e3),
    machine,
    settings,
    trials: [...trials, ...remembered.trials, ...recovery.trials],
    memory: remembered.memory,
    posts,
    recoveries: recovery.recoveries,
  };
}
