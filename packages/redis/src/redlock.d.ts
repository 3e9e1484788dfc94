/**
 * redlock 5.0.0-beta.2 ships its types outside its `exports` map, where TypeScript does not look. Only what we use.
 */
declare module 'redlock' {
  import type { EventEmitter } from 'node:events';

  /** What redlock calls on a client. */
  export interface Client {
    evalsha(digest: string, keyCount: number, keysAndArgs: (string | number)[]): Promise<unknown>;
    eval(source: string, keyCount: number, keysAndArgs: (string | number)[]): Promise<unknown>;
  }

  export interface ExecutionStats {
    readonly membershipSize: number;
    readonly quorumSize: number;
    readonly votesFor: ReadonlySet<Client>;
    readonly votesAgainst: ReadonlyMap<Client, Error>;
  }

  export interface Settings {
    readonly driftFactor: number;
    readonly retryCount: number;
    readonly retryDelay: number;
    readonly retryJitter: number;
    readonly automaticExtensionThreshold: number;
  }

  export class ResourceLockedError extends Error {}

  export class ExecutionError extends Error {
    readonly attempts: readonly Promise<ExecutionStats>[];
  }

  export class Lock {
    readonly value: string;
    constructor(
      redlock: Redlock,
      resources: string[],
      value: string,
      attempts: readonly Promise<ExecutionStats>[],
      expiration: number,
    );
  }

  export default class Redlock extends EventEmitter {
    constructor(clients: Iterable<Client>, settings?: Partial<Settings>);
    acquire(resources: string[], durationMs: number): Promise<Lock>;
    extend(lock: Lock, durationMs: number): Promise<Lock>;
    release(lock: Lock): Promise<unknown>;
  }
}
