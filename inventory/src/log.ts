import type { Logger } from 'pino';

/** The log of this pod: docs/logs.md names every line. */
export type Log = Pick<Logger, 'info'>;

export const LOG = Symbol('Log');
