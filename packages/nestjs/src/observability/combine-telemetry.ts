import type { Telemetry } from '@onlyonce/core';

/** Sends everything to each of several places, in the order given. */
export function combineTelemetry(...parts: readonly Telemetry[]): Telemetry {
  return {
    message: (event) => {
      for (const part of parts) part.message(event);
    },
    notice: (notice) => {
      for (const part of parts) part.notice(notice);
    },
    timed: (...args) => {
      for (const part of parts) part.timed(...args);
    },
    published: (...args) => {
      for (const part of parts) part.published?.(...args);
    },
  };
}
