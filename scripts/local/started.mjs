// @ts-check
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { removeContainer } from './docker.mjs';
import { endProcess } from './living-process.mjs';

/**
 * @typedef {{ kind: 'process', name: string, pid: number, marker: string, url?: string }} StartedProcess
 * @typedef {{ kind: 'container', name: string, container: string, url?: string }} StartedContainer
 * @typedef {StartedProcess | StartedContainer} Started
 */

/** What was started and has to be ended, on disk: so that a later run can tidy up after one that was killed. */
export class StartedList {
  /** @param {string} file */
  constructor(file) {
    this.file = file;
  }

  /** @returns {Started[]} */
  entries() {
    return existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) : [];
  }

  /**
   * Replaces what was noted under the same name.
   * @param {Started} started
   */
  note(started) {
    const others = this.entries().filter(({ name }) => name !== started.name);
    writeFileSync(this.file, `${JSON.stringify([...others, started], null, 2)}\n`);
  }

  /**
   * Ends everything, last started first, and forgets it.
   * @param {number} graceMs how long a process may take to end by itself; 0 kills at once
   * @returns {Promise<{ name: string, how: string }[]>}
   */
  async endAll(graceMs) {
    const ended = [];
    for (const started of this.entries().reverse()) {
      ended.push({ name: started.name, how: await end(started, graceMs) });
    }
    rmSync(this.file, { force: true });
    return ended;
  }
}

/**
 * @param {Started} started
 * @param {number} graceMs
 */
function end(started, graceMs) {
  return started.kind === 'process'
    ? endProcess(started.pid, started.marker, graceMs)
    : removeContainer(started.container, graceMs);
}
