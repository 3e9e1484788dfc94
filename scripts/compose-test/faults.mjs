// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { waitFor } from '../local/wait-for.mjs';
import { heldMessages, logLines } from './log-lines.mjs';

/** @typedef {import('./compose-project.mjs').ComposeProject} ComposeProject */
/** @typedef {{ container: import('./compose-project.mjs').Container, held: string[] }} Struck */

/**
 * A transaction of which only the beginning reached the disk, as Redis writes it: it would be a second effect of the first
 * order. Cut off behind its last whole command, as Redis itself does, it is quiet at the next start and takes effect at
 * the one after.
 */
const TORN = [
  '*1|$5|MULTI|',
  '*4|$7|HINCRBY|$12|{shop}:stock|$15|only-order-0001|$2|-1|',
  '*3|$3|SET|$9|torn-t',
];
const TORN_TAIL = TORN.join('').replaceAll('|', String.raw`\r\n`);
const TEAR = `file=$(ls -t /data/appendonlydir/*.incr.aof | head -n 1) && printf '${TORN_TAIL}' >>"$file"`;

/** A fault strikes only a replica that holds at least this many messages at that moment. */
const LEAST_HELD = 3;

/**
 * Waits until it would hurt.
 * @param {string} inventoryUrl of any replica
 * @param {import('./compose-project.mjs').Container} container
 */
export async function holdsMessages(inventoryUrl, { name, pod }) {
  const ask = async () => {
    const answer = await fetch(`${inventoryUrl}/inbox?state=processing&limit=500`);
    const { messages } = /** @type {{ messages: { owner?: string }[] }} */ (await answer.json());
    return messages.filter(({ owner }) => owner?.startsWith(pod)).length >= LEAST_HELD;
  };
  await waitFor(`${name} holding ${LEAST_HELD} messages`, ask, { deadlineMs: 20_000, everyMs: 20 });
}

/**
 * Kills a container without warning; it is not started again by itself.
 * @param {ComposeProject} project
 * @param {import('./compose-project.mjs').Container} container
 * @returns {Promise<Struck>}
 */
export async function killContainer(project, container) {
  await project.docker(['kill', container.name]);
  return { container, held: await heldBy(project, container) };
}

/**
 * Freezes a container until its locks have run out, then lets it go on as if nothing were.
 * @param {ComposeProject} project
 * @param {import('./compose-project.mjs').Container} container
 * @param {number} pauseMs longer than the lock's TTL
 * @returns {Promise<Struck>}
 */
export async function pauseContainer(project, container, pauseMs) {
  await project.docker(['pause', container.name]);
  try {
    const held = await heldBy(project, container);
    await sleep(pauseMs);
    return { container, held };
  } finally {
    await project.docker(['unpause', container.name]);
  }
}

/**
 * A power cut: Redis is killed, the last write is found torn when it comes back.
 * @param {ComposeProject} project
 * @param {string} image
 */
export async function cutRedisOff(project, image) {
  const { name } = await project.container('redis');
  await project.docker(['kill', name]);
  const data = ['--volumes-from', name, '--user', 'redis', '--entrypoint', 'sh'];
  await project.docker(['run', '--rm', '--network', 'none', ...data, image, '-c', TEAR]);
  await project.docker(['start', name]);
}

/**
 * @param {ComposeProject} project
 * @param {import('./compose-project.mjs').Container} container
 */
async function heldBy(project, { name }) {
  // Its last lines may be on their way through the engine.
  await sleep(100);
  return heldMessages(logLines(stripVTControlCharacters(await project.docker(['logs', name]))).lines);
}
