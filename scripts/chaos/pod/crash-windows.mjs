// @ts-check
/**
 * The engine's named crash points, and three more that lie between a call and its answer: the call has left, the store
 * does it, and the pod is gone before it hears so.
 */
export const WINDOWS = /** @type {const} */ ([
  'envelope.received',
  'claim.answered',
  'handler.started',
  'handler.done',
  'commit.sent',
  'commit.answered',
  'claim.sent',
  'fail.answered',
]);

/** Calls whose sending is a window. */
const SENT = /** @type {Record<string, string>} */ ({
  commit: 'commit.sent',
  claim: 'claim.sent',
  pull: 'claim.sent',
  claimDue: 'claim.sent',
});

/** Long enough to be written to the socket, too short for an answer on a loaded machine. */
const SENT_MS = 1;

/** Waits, armed from outside, for the process to come to a named point, and then ends or stops the process there. */
export class CrashWindows {
  /** @type {{ window: string, signal: NodeJS.Signals } | undefined} */
  #armed;

  /** @param {{ window: string, signal: NodeJS.Signals } | undefined} strike */
  arm(strike) {
    this.#armed = strike;
  }

  /** The port of the engine. @param {string} window */
  reach(window) {
    if (this.#armed?.window !== window) return;
    const { signal } = this.#armed;
    this.#armed = undefined;
    process.kill(process.pid, signal);
  }

  /**
   * @template {object} Store
   * @param {Store} store
   * @returns {Store} the same, with the windows between a call and its answer
   */
  watching(store) {
    return new Proxy(store, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        const window = SENT[String(name)];
        if (window === undefined) return member.bind(target);
        return (/** @type {unknown[]} */ ...args) => {
          const answer = member.apply(target, args);
          if (this.#armed?.window === window) setTimeout(() => this.reach(window), SENT_MS);
          return answer;
        };
      },
    });
  }
}
