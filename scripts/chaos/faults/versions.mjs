// @ts-check
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../local/state-directory.mjs';
import { waitFor } from '../../local/wait-for.mjs';

/** @typedef {import('./pods.mjs').Scene} Scene */
/** @typedef {import('./pods.mjs').Injection} Injection */

const LAYOUT = 'packages/redis/dist/store/layout.js';
const VERSION = /LAYOUT_VERSION = (\d+)/;
const REFUSED_WITHIN_MS = 30_000;

/** Pods of different layouts must not share a channel: who comes later is refused, and those at work go on. */
/** @type {Record<string, (scene: Scene, injection: Injection) => Promise<void>>} */
export const VERSION_FAULTS = {
  // The same packages with the next number of the layout, from a copy.
  'newer pod joins': (scene, { row, params }) =>
    scene.mutex.hold(['versions'], () =>
      scene.faults.during({ row, kind: 'newer pod joins' }, async () => {
        const { program, version } = newerCopy(scene.directory);
        await isRefused(scene, `newer-${params['nth']}`, { program, mentions: `layout ${version - 1}` });
      }),
    ),
  // A channel of its own that was laid out by a newer version.
  'older pod joins': (scene, { row, params }) =>
    scene.mutex.hold(['versions'], () =>
      scene.faults.during({ row, kind: 'older pod joins' }, async () => {
        const namespace = `newer-${params['nth']}`;
        const version = ownVersion() + 1;
        const layout = ['version', version, 'slice', 4, 'buckets', 1_024, 'generation', 0];
        await scene.redis.ask('HSET', `{${namespace}}:order_updates:layout`, ...layout);
        await isRefused(scene, `older-${params['nth']}`, { namespace, mentions: `layout ${version}` });
      }),
    ),
};

/**
 * @param {Scene} scene
 * @param {string} name
 * @param {{ program?: string, namespace?: string, mentions: string }} how
 */
async function isRefused(scene, name, { program, namespace, mentions }) {
  const settings = {
    ...scene.podSettings(name, 0, scene.redis.url),
    ...(namespace === undefined ? {} : { namespace }),
  };
  const pod = scene.process(name, program ?? 'consumer.mjs', settings);
  scene.guests.push(pod);
  pod.start();
  const refused = () => {
    if (pod.ready) throw new Error(`${name} got ready`);
    return !pod.running || pod.reasons.some((reason) => reason.includes(mentions));
  };
  try {
    await waitFor(`the refusal of ${name}`, refused, { deadlineMs: REFUSED_WITHIN_MS });
    if (!pod.running && !pod.lastLines().includes(mentions)) scene.blame(`${name} ended without saying why`);
  } catch (error) {
    scene.blame(`${error instanceof Error ? error.message : error}: ${pod.reasons.join('; ')}`);
  } finally {
    await pod.end('SIGTERM', 15_000);
  }
}

function ownVersion() {
  return Number(VERSION.exec(readFileSync(join(ROOT, LAYOUT), 'utf8'))?.[1]);
}

/**
 * The rest is found further up, in the repository's own node_modules.
 * @param {string} directory below the repository
 */
function newerCopy(directory) {
  const home = join(directory, 'newer');
  const redis = join(home, 'node_modules/@onlyonce/redis');
  const version = ownVersion() + 1;
  const program = join(home, 'scripts/chaos/pod/consumer.mjs');
  if (!existsSync(program)) {
    mkdirSync(redis, { recursive: true });
    for (const part of ['dist', 'lua', 'package.json'])
      cpSync(join(ROOT, 'packages/redis', part), join(redis, part), { recursive: true });
    const layout = join(redis, 'dist/store/layout.js');
    const source = readFileSync(layout, 'utf8');
    if (!VERSION.test(source)) throw new Error(`${LAYOUT} names no version`);
    writeFileSync(layout, source.replace(VERSION, `LAYOUT_VERSION = ${version}`));
    cpSync(join(ROOT, 'scripts/chaos/pod'), join(home, 'scripts/chaos/pod'), { recursive: true });
  }
  return { program, version };
}
