// @ts-check
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateDirectory } from '../local/state-directory.mjs';

/**
 * What `make k8s-up` did last, for the other commands: they go where it went, without asking again.
 * @typedef {{
 *   context: string, namespace: string, release: string, madeNamespace: boolean, kindCluster?: string | undefined,
 * }} Installed
 */

const file = () => join(stateDirectory('k8s'), 'installed.json');

/** @returns {Installed | undefined} */
export function installed() {
  return existsSync(file()) ? JSON.parse(readFileSync(file(), 'utf8')) : undefined;
}

/** @param {Installed} what */
export function noteInstalled(what) {
  writeFileSync(file(), `${JSON.stringify(what, null, 2)}\n`);
}

export function forgetInstalled() {
  rmSync(file(), { force: true });
}
