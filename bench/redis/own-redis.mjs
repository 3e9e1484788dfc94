// @ts-check
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, dockerAnswers, imageIsHere, removeContainer } from '../../scripts/local/docker.mjs';
import { freePort } from '../../scripts/local/free-port.mjs';
import { redisVersionOnPath } from '../../scripts/local/redis-on-path.mjs';
import { redisCommand } from '../../scripts/local/redis-wire.mjs';
import { waitFor } from '../../scripts/local/wait-for.mjs';

/**
 * The same for all peers: append-only, fsync every second. No rewrite of the file while somebody is measured: it would
 * meet some of them and not others.
 */
const SETTINGS = [
  ['--appendonly', 'yes'],
  ['--appendfsync', 'everysec'],
  ['--auto-aof-rewrite-percentage', '0'],
  ['--aof-load-truncated', 'no'],
  ['--maxmemory-policy', 'noeviction'],
  ['--save', ''],
].flat();

const IMAGE = 'redis:8';

/**
 * A Redis of our own on a free port of the loopback address, empty. One per run: nobody inherits another's memory,
 * file or statistics.
 * @typedef {{ url: string, port: number, how: string, remove: () => Promise<void>, killNow: () => void }} OwnRedis
 */

/** @type {Set<OwnRedis>} */
const alive = new Set();

/** For the last moment of our own process, when nothing can be waited for. */
export function killOwnRedises() {
  for (const redis of alive) redis.killNow();
}

/**
 * @param {OwnRedis} redis
 * @returns {OwnRedis}
 */
function tracked(redis) {
  const known = {
    ...redis,
    remove: async () => {
      alive.delete(known);
      await redis.remove();
    },
  };
  alive.add(known);
  return known;
}

/** @returns {Promise<OwnRedis>} @throws Error that says what was tried */
export async function startOwnRedis() {
  const forced = process.env['LOCAL_REDIS'];
  if (forced !== undefined && forced !== 'docker' && forced !== 'server') {
    throw new Error('LOCAL_REDIS must be docker or server');
  }
  // A server on PATH first: Docker's port forwarding would be measured along with Redis.
  if (forced !== 'docker' && redisVersionOnPath() !== undefined) return tracked(await onPath());
  if (forced !== 'server' && (await dockerAnswers()) && (await imageIsHere(IMAGE)))
    return tracked(await inDocker());
  throw new Error('no Redis to be had: no redis-server >= 7 on PATH, and no Docker engine with redis:8');
}

/** @returns {Promise<OwnRedis>} */
async function onPath() {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'onlyonce-bench-'));
  const logFile = join(directory, 'redis.log');
  const log = openSync(logFile, 'a');
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, ...SETTINGS],
    {
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  await waitFor(
    `an answer from redis-server on port ${port}`,
    async () => {
      if (child.exitCode !== null)
        throw new Error(`redis-server ended:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
      return answers(port);
    },
    { deadlineMs: 15_000, everyMs: 10 },
  );
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    how: `redis-server ${redisVersionOnPath() ?? '?'}`,
    remove: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
      rmSync(directory, { recursive: true, force: true });
    },
    killNow: () => {
      child.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** @returns {Promise<OwnRedis>} */
async function inDocker() {
  const port = await freePort();
  const name = `onlyonce-bench-${process.pid}-${port}`;
  await docker([
    'run',
    '--detach',
    '--name',
    name,
    '--publish',
    `127.0.0.1:${port}:6379`,
    IMAGE,
    'redis-server',
    ...SETTINGS,
  ]);
  await waitFor(`an answer from ${IMAGE} on port ${port}`, () => answers(port), { deadlineMs: 15_000 });
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    how: `${IMAGE} in Docker`,
    remove: async () => {
      await removeContainer(name, 0);
    },
    killNow: () => {
      spawnSync('docker', ['rm', '--force', '--volumes', name], { stdio: 'ignore' });
    },
  };
}

/** @param {number} port */
async function answers(port) {
  return (await redisCommand(port, ['PING'], 500).catch(() => undefined)) === 'PONG';
}
