// @ts-check
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The part of an append-only file that is being written to; a rewrite begins a new one.
 * @param {string} directory of the server's data
 */
export function openPart(directory) {
  const folder = join(directory, 'appendonlydir');
  const number = (/** @type {string} */ name) => Number(/\.(\d+)\.incr\.aof$/.exec(name)?.[1] ?? 0);
  const names = readdirSync(folder).filter((name) => name.endsWith('.incr.aof'));
  const newest = names.sort((one, other) => number(one) - number(other)).at(-1);
  if (newest === undefined) throw new Error(`no append-only file in ${folder}`);
  return join(folder, newest);
}

/** @param {string} directory */
export function openPartSize(directory) {
  const file = openPart(directory);
  return { file, size: statSync(file).size };
}

/**
 * @param {string} file
 * @param {number} bytes off its end
 * @returns {number} how many it really was
 */
export function cutTail(file, bytes) {
  const { size } = statSync(file);
  const cut = Math.min(bytes, size);
  truncateSync(file, size - cut);
  return cut;
}

/**
 * Where the last whole transaction begins and ends, and the offsets at which its commands begin.
 * @param {Buffer} content
 * @returns {{ begin: number, end: number } | undefined}
 */
export function lastTransaction(content) {
  const begin = content.lastIndexOf('*1\r\n$5\r\nMULTI\r\n');
  if (begin < 0) return undefined;
  const EXEC = '*1\r\n$4\r\nEXEC\r\n';
  const exec = content.indexOf(EXEC, begin);
  return exec < 0 ? undefined : { begin, end: exec + EXEC.length };
}
