// @ts-check
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../local/wait-for.mjs';
import { cutTail, lastTransaction, openPart } from '../redis/aof-file.mjs';

/** Under load one comes within milliseconds, once the pods have found Redis again. */
const TRANSACTION_WITHIN_MS = 20_000;
const MOST_TRIES = 20;

/** @typedef {import('./pods.mjs').Scene} Scene */
/** @typedef {import('./pods.mjs').Injection} Injection */

/** Faults after which Redis may not know what it had acknowledged. */
/** @type {Record<string, (scene: Scene, injection: Injection) => Promise<void>>} */
export const LOSING_FAULTS = {
  // The cut goes through a command inside MULTI: what Redis by itself would cut off behind the last whole command.
  'torn file': (scene, { row, params }) =>
    scene.withRedis((redis) =>
      scene.faults.during({ row, kind: 'torn append-only file', losesData: true }, async () => {
        if (!(await killAndTear(redis, params['within'])))
          scene.blame('the append-only file holds no transaction to tear');
        await redis.start();
        // What is written now is what the next start would swallow, had the tail not been repaired.
        await sleep(params['betweenMs']);
        await redis.kill();
        await redis.start();
      }),
    ),
  'power loss': (scene, { row, params }) =>
    scene.withRedis((redis) =>
      scene.faults.during({ row, kind: 'power loss', losesData: true }, async () => {
        await redis.kill();
        const file = openPart(redis.directory);
        const before = scene.sizes?.before(file, Date.now() - params['lostMs']);
        const { length } = readFileSync(file);
        if (before !== undefined && before < length) {
          // Somewhere between the last fsync and the end: a disk keeps no whole commands.
          cutTail(file, Math.ceil((length - before) * (0.2 + 0.8 * params['within'])));
        }
        await redis.start();
      }),
    ),
  'fail-over': (scene, { row, params }) =>
    scene.withRedis(() =>
      scene.faults.during({ row, kind: 'fail-over', losesData: scene.losesData }, () =>
        scene.failOver(params['lagMs']),
      ),
    ),
  'split brain': (scene, { row, params }) =>
    scene.withRedis(() =>
      scene.faults.during({ row, kind: 'split brain', losesData: true }, () =>
        scene.splitBrain(params['forMs']),
      ),
    ),
  'clock step': (scene, { row, params }) =>
    scene.withRedis((redis) => {
      const { clock } = scene;
      if (clock === undefined || typeof clock === 'string') {
        scene.faults.skip(row, clock ?? 'no clock');
        return Promise.resolve();
      }
      const { stepMs, forMs } = params;
      return scene.faults.during({ row, kind: 'clock step', target: `${stepMs} ms` }, async () => {
        clock.set(stepMs);
        scene.farthestMs = Math.max(scene.farthestMs, stepMs);
        // A clock that is not stepped proves nothing.
        const [seconds] = /** @type {string[]} */ (await redis.ask('TIME'));
        if (Math.abs(Number(seconds) * 1_000 - Date.now() - stepMs) > 3_000)
          scene.blame('the clock did not step');
        await sleep(forMs);
        clock.set(0);
      });
    }),
  'disk full': (scene, { row, params }) =>
    scene.withRedis((redis) => {
      const { disk } = scene;
      if (disk === undefined || typeof disk === 'string') {
        scene.faults.skip(row, disk ?? 'no disk');
        return Promise.resolve();
      }
      const always = !redis.args.includes('everysec');
      return scene.faults.during(
        { row, kind: `disk full, fsync ${always ? 'always' : 'everysec'}` },
        async () => {
          disk.fill();
          if (always) {
            const ended = await Promise.race([
              redis.ended().then(() => true),
              sleep(15_000).then(() => false),
            ]);
            if (!ended) scene.blame('Redis went on with a full disk');
            await sleep(params['forMs']);
            disk.free();
            await redis.start();
          } else {
            await untilWriteStatus(scene, redis, 'err');
            await sleep(params['forMs']);
            disk.free();
            await untilWriteStatus(scene, redis, 'ok');
          }
        },
      );
    }),
};

/**
 * Kills Redis and cuts its file inside the last transaction.
 * @param {import('../redis/redis-node.mjs').RedisNode} redis
 * @param {number} within where in the transaction, 0 to 1
 * @returns {Promise<boolean>} false when there was none, however often it was tried
 */
async function killAndTear(redis, within) {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    // Right after the start that ended the fault before, nobody may have written yet.
    const tearable = () => lastTransaction(readFileSync(openPart(redis.directory))) !== undefined;
    await waitFor('a transaction to tear', tearable, { deadlineMs: TRANSACTION_WITHIN_MS });
    await redis.kill();
    const file = openPart(redis.directory);
    const content = readFileSync(file);
    const transaction = lastTransaction(content);
    if (transaction !== undefined) {
      const { begin, end } = transaction;
      const at = begin + 1 + Math.floor(within * (end - begin - 2));
      cutTail(file, content.length - at);
      return true;
    }
    // Redis had just begun to rewrite the file, and the new one is still empty; or it died in the middle of a write.
    await redis.start();
  }
  return false;
}

/**
 * @param {Scene} scene
 * @param {import('../redis/redis-node.mjs').RedisNode} redis
 * @param {string} wanted
 */
async function untilWriteStatus(scene, redis, wanted) {
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    const info = String(await redis.ask('INFO', 'persistence').catch(() => ''));
    if (info.includes(`aof_last_write_status:${wanted}`)) return;
    if (performance.now() > giveUpAt) {
      scene.blame(`aof_last_write_status did not become ${wanted}`);
      return;
    }
    await sleep(50);
  }
}
