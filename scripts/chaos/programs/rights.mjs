// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from '../../local/wait-for.mjs';
import { settingsEnv } from '../pod/settings.mjs';
import { Random } from '../random.mjs';
import { emptyResult } from '../result.mjs';
import { Scene } from '../scene.mjs';

const ROW = 28;
const REFUSED_WITHIN_MS = 40_000;

/** @typedef {{ right: string, needed: boolean, refused: boolean, told: string, left: string[] }} Tried */

/**
 * Each right of the product's user is taken away once: the preflight must name it and leave nothing half done. With one
 * of them, a real pod must not get ready, and must get ready when the right is given back.
 * @type {import('../own-programs.mjs').OwnProgram}
 */
export async function rights(means) {
  const { plan, settings, say } = means;
  const began = performance.now();
  const result = emptyResult(plan.name);
  const scene = new Scene({ ...means, settings: { ...settings, pods: 0 }, surroundings: {} });
  means.onScene(scene);
  await scene.open();
  const { whole, tried } = await tryRights(scene);
  let done = 0;
  for (const { right, needed, refused, told, left } of tried) {
    if (refused) done += 1;
    if (needed && !refused) result.wrongs.push(`without ${right} the preflight passes`);
    if (refused && !told.toLowerCase().includes(right.slice(1).toLowerCase()))
      result.wrongs.push(`without ${right} the preflight does not name it: ${told}`);
    if (left.length > 0)
      result.wrongs.push(`without ${right} keys of others were changed: ${left.join(' ')}`);
  }
  result.done.set(ROW, done);
  const others = tried.filter(({ refused }) => !refused).map(({ right }) => right);
  say(`${done} rights taken away one by one; the preflight takes no step with ${others.join(' ')}`);
  result.wrongs.push(
    ...(await podWithout(
      scene,
      new Random(plan.seed).pick(tried.filter(({ needed }) => needed)).right,
      whole,
    )),
  );
  result.done.set(ROW, done + 1);
  result.wrongs.push(...scene.wrongs);
  result.seconds = Math.round((performance.now() - began) / 1_000);
  return result;
}

/**
 * @param {Scene} scene
 * @returns {Promise<{ whole: string[], tried: Tried[] }>}
 */
async function tryRights(scene) {
  const program = join(import.meta.dirname, '../pod/rights.mjs');
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, NODE_OPTIONS: '', ...settingsEnv({ redisUrl: scene.redis.url }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.pid !== undefined) scene.onProcess('rights', child.pid, 'rights.mjs');
  let text = '';
  child.stdout.on('data', (part) => (text += part));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`rights.mjs ended with ${code}`);
  return JSON.parse(text);
}

/**
 * @param {Scene} scene
 * @param {string} right
 * @param {readonly string[]} whole
 */
async function podWithout(scene, right, whole) {
  const wrongs = [];
  await scene.redis.ask(
    'ACL',
    'SETUSER',
    'slipped',
    'reset',
    'on',
    '>secret',
    ...whole.filter((each) => each !== right),
  );
  const login = { username: 'slipped', password: 'secret' };
  const pod = scene.process('pod-slipped', 'consumer.mjs', {
    ...scene.podSettings('pod-slipped', 0, scene.redis.url),
    ...login,
  });
  scene.guests.push(pod);
  pod.start();
  const name = right.slice(1);
  try {
    const named = () => pod.ready || pod.reasons.some((reason) => reason.toLowerCase().includes(name));
    await waitFor(`a reason that names ${right}`, named, { deadlineMs: REFUSED_WITHIN_MS });
    if (pod.ready) wrongs.push(`a pod without ${right} got ready`);
    await scene.redis.ask('ACL', 'SETUSER', 'slipped', right);
    await pod.untilReady(REFUSED_WITHIN_MS);
  } catch (error) {
    wrongs.push(
      `a pod without ${right}: ${error instanceof Error ? error.message : error}; ${pod.reasons.join('; ')}`,
    );
  }
  await pod.end('SIGTERM');
  return wrongs;
}
