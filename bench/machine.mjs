// @ts-check
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { redisVersionOnPath } from '../scripts/local/redis-on-path.mjs';

/**
 * @typedef {{
 *   cores: number, cpu: string, memoryGb: number, system: string, node: string, redis: string, load: number[],
 *   commit: string, packages: Record<string, string>,
 * }} Machine load: of the system before the first run, over 1, 5 and 15 minutes
 */

/** @returns {Machine} */
export function machineFacts() {
  const require = createRequire(import.meta.url);
  const packages = ['bullmq', 'ioredis', '@nestjs/microservices', 'fastify'];
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? '?',
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${platform()} ${release()}`,
    node: process.version,
    redis: redisVersionOnPath() ?? 'redis:8 in Docker',
    load: loadavg().map((value) => Math.round(value * 100) / 100),
    commit: commit(),
    packages: Object.fromEntries(packages.map((name) => [name, versionOf(require, name)])),
  };
}

/** Short, and whether what was measured is exactly that. */
function commit() {
  const head = git(['rev-parse', '--short', 'HEAD']);
  return head === '?' || git(['status', '--porcelain']) === '' ? head : `${head} with changes`;
}

/** @param {readonly string[]} args */
function git(args) {
  try {
    return execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '?';
  }
}

/**
 * @param {NodeJS.Require} require
 * @param {string} name
 * @returns {string}
 */
function versionOf(require, name) {
  for (const file of require.resolve.paths(name) ?? []) {
    try {
      return require(`${file}/${name}/package.json`).version;
    } catch {
      // Not in this folder: the next one up.
    }
  }
  return '?';
}
