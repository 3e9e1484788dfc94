import { LockLostError } from '../errors.js';
import type { LockProvider } from '../ports/lock-provider.js';
import type { ConsumerDeps } from './consumer-deps.js';
import type { ConsumerOptions } from './consumer-options.js';
import type { Delivery } from './delivery.js';

/** Another pod holds the second lock. */
export interface Busy {
  readonly kind: 'busy';
}

/**
 * Holds the optional second lock (say, over several Redis masters) around one handler run, and extends it while
 * the handler works. Economy for effects outside the store; the commit stays fenced whatever this lock says.
 */
export class HandlerLockGuard {
  constructor(
    private readonly deps: ConsumerDeps,
    private readonly options: ConsumerOptions,
  ) {}

  /** @returns what `work` returned, or busy when another pod holds the second lock; `work` has not run then */
  around<T>(delivery: Delivery, work: () => Promise<T>): Promise<T | Busy> {
    const { handlerLock } = this.deps;
    return handlerLock ? this.locked(handlerLock, delivery, work) : work();
  }

  private async locked<T>(
    handlerLock: LockProvider,
    delivery: Delivery,
    work: () => Promise<T>,
  ): Promise<T | Busy> {
    const { clock } = this.deps;
    const { channel, group, lockTtlMs } = this.options;
    const attempt = await handlerLock.acquire(`${channel}:${group}:${delivery.envelope.id}`, lockTtlMs);
    if (attempt.kind === 'busy') return attempt;
    let lock = attempt.lock;
    let stopped = false;
    let cancel = (): void => undefined;
    const plan = (): void => {
      cancel = clock.after(lockTtlMs / 3, () => {
        void handlerLock.extend(lock, lockTtlMs).then(
          (extended) => {
            if (stopped) return;
            if (extended.kind === 'busy')
              delivery.controller.abort(new LockLostError('the second lock was lost'));
            else lock = extended.lock;
            plan();
          },
          // Not known whether it was extended: ask again at the next turn, the lock may still live.
          () => {
            if (!stopped) plan();
          },
        );
      });
    };
    plan();
    try {
      return await work();
    } finally {
      stopped = true;
      cancel();
      // A lock that cannot be released runs out by itself.
      await handlerLock.release(lock).catch(() => undefined);
    }
  }
}
