// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The root of the repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Tells this clone from others on the same machine, in the names of containers. */
export const CLONE = createHash('sha256').update(ROOT).digest('hex').slice(0, 8);

const HOME = join(ROOT, '.onlyonce');

/**
 * Makes a folder below `.onlyonce/`, where everything lives that a local run leaves behind; git does not see it.
 * @param {...string} names
 */
export function stateDirectory(...names) {
  const directory = join(HOME, ...names);
  mkdirSync(directory, { recursive: true });
  const ignore = join(HOME, '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  return directory;
}
