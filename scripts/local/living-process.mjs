// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { waitFor } from './wait-for.mjs';

/**
 * Whether a process still runs and is the one that was meant: numbers are used again.
 * @param {number} pid
 * @param {string} marker part of its command line
 */
export function isRunning(pid, marker) {
  return commandLine(pid).includes(marker);
}

/**
 * Ends a process that this one may not be the parent of: asks first, then kills.
 * @param {number} pid
 * @param {string} marker part of its command line
 * @param {number} graceMs 0: kills at once
 * @returns {Promise<'was gone' | 'stopped' | 'killed'>}
 */
export async function endProcess(pid, marker, graceMs) {
  if (!isRunning(pid, marker)) return 'was gone';
  const gone = () => !isRunning(pid, marker);
  if (graceMs > 0) {
    send(pid, 'SIGCONT');
    send(pid, 'SIGTERM');
    try {
      await waitFor(`the end of process ${pid}`, gone, { deadlineMs: graceMs });
      return 'stopped';
    } catch {
      // Its time is over.
    }
  }
  send(pid, 'SIGKILL');
  await waitFor(`the end of process ${pid}`, gone, { deadlineMs: 5_000 });
  return 'killed';
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}

/**
 * @param {number} pid
 * @returns {string} empty when there is no such process, or only its remains
 */
function commandLine(pid) {
  // Slim images have no ps, other systems have no /proc.
  if (!existsSync('/proc/self/cmdline')) {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
