import type { CrashPoint, CrashPoints } from '@onlyonce/core';

/** A window held open. */
export interface HeldPoint {
  /** Resolves with the ids of the messages that are in the window now. */
  readonly reached: Promise<readonly string[]>;
  /** Closes the window: whoever waits in it goes on, and nobody is held any more. */
  release(): void;
}

interface Hold {
  readonly point: CrashPoint;
  readonly concerns: (messageIds: readonly string[]) => boolean;
  readonly note: (messageIds: readonly string[]) => void;
  readonly released: Promise<void>;
}

/**
 * Holds the engine at a named point until the test says otherwise: what a crash at the worst moment looks like.
 * A point that is never released is a pod that died there.
 */
export class HeldCrashPoints implements CrashPoints {
  private holds: Hold[] = [];

  hold(point: CrashPoint, concerns: (messageIds: readonly string[]) => boolean = () => true): HeldPoint {
    const reached = Promise.withResolvers<readonly string[]>();
    const released = Promise.withResolvers<undefined>();
    const hold: Hold = {
      point,
      concerns,
      note: (messageIds) => {
        reached.resolve(messageIds);
      },
      released: released.promise,
    };
    this.holds.push(hold);
    return {
      reached: reached.promise,
      release: () => {
        this.holds = this.holds.filter((other) => other !== hold);
        released.resolve(undefined);
      },
    };
  }

  reach(point: CrashPoint, messageIds: readonly string[]): Promise<void> | undefined {
    const hold = this.holds.find((candidate) => candidate.point === point && candidate.concerns(messageIds));
    if (!hold) return undefined;
    hold.note(messageIds);
    return hold.released;
  }
}
