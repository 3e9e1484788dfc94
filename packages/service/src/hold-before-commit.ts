import { setTimeout as sleep } from 'node:timers/promises';
import { noCrashPoints, type CrashPoints } from '@onlyonce/core';

/** Holds each message between its handler and its commit, so that crashes can be tried from outside. */
export function holdBeforeCommit(delayMs: number): CrashPoints {
  if (delayMs === 0) return noCrashPoints;
  return {
    reach: async (point) => {
      if (point === 'handler.done') await sleep(delayMs);
    },
  };
}
