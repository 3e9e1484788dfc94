import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const DIRECTORY = new URL('../../lua/', import.meta.url);
const INCLUDE = /^--@include ([a-z-]+)$/gm;

/** A Lua script as Redis runs it: the file with its includes in place, and its digest. */
export interface Script {
  readonly name: string;
  readonly source: string;
  readonly sha1: string;
}

/** Reads `lua/<name>.lua` and puts `lua/include/<part>.lua` where it says `--@include <part>`. */
export function loadScript(name: string): Script {
  const file = readFileSync(new URL(`${name}.lua`, DIRECTORY), 'utf8');
  const source = file.replace(INCLUDE, (_, part: string) =>
    readFileSync(new URL(`include/${part}.lua`, DIRECTORY), 'utf8').trimEnd(),
  );
  return { name, source, sha1: createHash('sha1').update(source).digest('hex') };
}

/** Every script of the protocol, by name. */
export const SCRIPT_NAMES = [
  'publish',
  'register',
  'claim',
  'pull',
  'claim-due',
  'commit',
  'extend',
  'release',
  'fail',
  'redrive',
  'ring-if-due',
  'prune',
] as const;

export type ScriptName = (typeof SCRIPT_NAMES)[number];
