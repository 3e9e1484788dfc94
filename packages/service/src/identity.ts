import type { Tracer } from '@onlyonce/core';

/** Who this process is, in logs, metrics and traces. */
export interface Identity {
  readonly service: string;
  readonly env: string;
  readonly version: string;
  readonly tracer: Tracer;
}
