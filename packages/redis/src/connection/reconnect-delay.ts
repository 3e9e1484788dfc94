import type { Random } from '@onlyonce/core';

const FIRST_MS = 50;
const LONGEST_MS = 500;

/**
 * How long to wait before the next attempt to connect, milliseconds; there is always a next one. Doubles up to
 * half a second, with jitter, so that the pods do not all come back in the same moment after a restart of Redis.
 * @param attempt 1 for the first attempt after a connection was lost
 */
export function reconnectDelayMs(attempt: number, random: Random): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(FIRST_MS + random.next() * (longest - FIRST_MS));
}
