// @ts-check
import { addEffect, connected, executed } from '../peers/connection.mjs';
import { GROUP } from '../messages.mjs';
import { claimCommands, commitCommands, loseCommands, publishCommands } from './commands.mjs';

/** @typedef {import('./messages.mjs').Planned} Planned */
/** @typedef {import('./commands.mjs').Command} Command */
/**
 * Steps of one batch, in order; what a step needs of the one before is its own business.
 * @typedef {{ name: string, steps: Record<string, (batch: readonly Planned[]) => Promise<void>>, close: () => Promise<void> }} Way
 */

/** Pods that come too late, beside the winner. */
export const LOSERS = ['pod-2', 'pod-3'];

/** Makes whatever calls it is given. */
const UNDECIDED = `
local plan, at = cmsgpack.unpack(ARGV[1]), 1
while plan[at] do
  redis.call(unpack(plan, at + 1, at + plan[at]))
  at = at + plan[at] + 1
end
return 'OK'`;

/**
 * The same commands in a script that decides nothing: what Lua, MessagePack and the commands cost at least.
 * @param {string} url
 * @returns {Promise<Way>}
 */
export async function undecidedWay(url) {
  const redis = await connected(url, 'floor-undecided');
  const digest = String(await redis.script('LOAD', UNDECIDED));
  const module = new URL('scripts/pack.js', import.meta.resolve('@onlyonce/redis'));
  const { pack } = await import(module.href);
  const run = async (/** @type {Command[]} */ commands) => {
    await redis.evalsha(
      digest,
      0,
      pack(commands.flatMap((command) => [command.length, ...command.map(String)])),
    );
  };
  return { name: 'undecided', steps: stepsOf(run), close: async () => redis.disconnect() };
}

/**
 * The same commands without a script, in one transaction each.
 * @param {string} url
 * @returns {Promise<Way>}
 */
export async function plainWay(url) {
  const redis = await connected(url, 'floor-plain');
  const run = async (/** @type {Command[]} */ commands) => {
    const pipeline = redis.multi();
    for (const [name, ...args] of commands) pipeline.call(String(name), ...args);
    await executed(pipeline);
  };
  return { name: 'plain', steps: stepsOf(run), close: async () => redis.disconnect() };
}

/**
 * The raw consumer group of the benchmark, in one process.
 * @param {string} url
 * @returns {Promise<Way>}
 */
export async function rawWay(url) {
  const redis = await connected(url, 'floor-raw');
  const stream = '{bench}:floor:raw';
  await redis.xgroup('CREATE', stream, GROUP, '0', 'MKSTREAM');
  return {
    name: 'raw',
    close: async () => redis.disconnect(),
    steps: {
      publish: async (batch) => {
        const pipeline = redis.pipeline();
        for (const { body } of batch) pipeline.xadd(stream, '*', 'b', body);
        await executed(pipeline);
      },
      consume: async (batch) => {
        const reply = await redis.xreadgroup(
          'GROUP',
          GROUP,
          'floor',
          'COUNT',
          batch.length,
          'STREAMS',
          stream,
          '>',
        );
        const entries = /** @type {[string, [string, string[]][]][] | null} */ (reply)?.[0]?.[1] ?? [];
        const pipeline = redis.pipeline();
        for (const [, fields] of entries) addEffect(pipeline, JSON.parse(fields[1] ?? ''));
        pipeline.xack(stream, GROUP, ...entries.map(([entry]) => entry));
        await executed(pipeline);
      },
    },
  };
}

/**
 * @param {(commands: Command[]) => Promise<void>} run
 * @returns {Way['steps']}
 */
function stepsOf(run) {
  return {
    publish: (batch) => run(publishCommands(batch)),
    claim: (batch) => run(claimCommands(batch)),
    lose: async (batch) => {
      for (const _ of LOSERS) await run(loseCommands(batch));
    },
    commit: (batch) => run(commitCommands(batch)),
  };
}
