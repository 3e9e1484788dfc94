// @ts-check
import { NOTES, PEER_NAMES, TITLES } from '../peers/names.mjs';
import { tablesOf } from './tables.mjs';
import { markdownTable } from './text.mjs';

/**
 * @param {import('../figures/results.mjs').Results} results
 */
export function markdownReport(results) {
  return [
    `# Benchmark, ${results.beganAt.slice(0, 10)}`,
    '',
    ...factLines(results).map((line) => `- ${line}`),
    ...results.failures.map((failure) => `- Not measured: ${failure.split('\n')[0]}`),
    '',
    ...tablesOf(results).map(markdownTable),
    '## Who is who',
    '',
    ...PEER_NAMES.filter((peer) => results.settings.peers.includes(peer)).map(
      (peer) => `- **${TITLES[peer]}**: ${NOTES[peer]}.`,
    ),
    '',
  ].join('\n');
}

/**
 * Machine, versions and load shape: without them no figure means anything.
 * @param {import('../figures/results.mjs').Results} results
 */
export function factLines({ machine, settings, seconds }) {
  const packages = Object.entries(machine.packages).map(([name, version]) => `${name} ${version}`);
  return [
    `Machine: ${machine.cores} cores, ${machine.cpu}, ${machine.memoryGb} GB, ${machine.system}; ` +
      `load before the first run ${machine.load.join(', ')}.`,
    `Node.js ${machine.node}, Redis ${machine.redis} (appendonly yes, everysec; one server per run), ${packages.join(', ')}; commit ${machine.commit}.`,
    ...((machine.load[0] ?? 0) > machine.cores / 2
      ? ['The machine was busy with something else: measure again when it is not.']
      : []),
    `Everything on this one machine: Redis, publisher and replicas, each a process of its own.`,
    `${settings.runs} ${settings.runs === 1 ? 'run' : 'alternating runs'} of each; closed loop: ${settings.messages.toLocaleString('en')} messages, at most ` +
      `${settings.window.toLocaleString('en')} not applied, at most ${settings.seconds} s; open loop: ${settings.rate.toLocaleString('en')}/s for ${settings.seconds} s. ` +
      `Took ${Math.round(seconds / 60)} minutes.`,
    `Each message: an order of two items, about 120 bytes; its effect: two stock decrements and an applied mark, in Redis.`,
    `Onlyonce with its defaults (lock TTL 5 s, concurrency 64, batches of 128, retention 7 days, planned for 1,000/s), without logs; BullMQ with concurrency ${settings.bullmqConcurrency}.`,
  ];
}
