// @ts-check
import { createReadStream, globSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

const CHUNK_BYTES = 65_536;

/**
 * A log file; `.gz` is unpacked on the way.
 * @param {string} path
 * @returns {import('./merge-sources.mjs').Source}
 */
export function fileSource(path) {
  const packed = path.endsWith('.gz');
  return {
    name: path,
    open: () => {
      const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
      // What goes wrong comes out where it is read.
      return packed ? pipeline(stream, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined) : stream;
    },
    ...(packed ? {} : { bytes: statSync(path).size }),
  };
}

/**
 * @param {string} pattern a path, or a glob that the shell did not resolve
 * @returns {string[]} the files, each once; none when nothing is there
 */
export function filesOf(pattern) {
  const isFile = (/** @type {string} */ path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  if (isFile(pattern)) return [pattern];
  return globSync(pattern).filter(isFile).sort();
}

/**
 * @param {readonly string[]} patterns
 * @returns {{ files: string[], missing: string[] }} missing: patterns that name no file
 */
export function findFiles(patterns) {
  const missing = [];
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const pattern of patterns) {
    const found = filesOf(pattern);
    if (found.length === 0) missing.push(pattern);
    for (const file of found) if (!files.has(resolve(file))) files.set(resolve(file), file);
  }
  return { files: [...files.values()], missing };
}
