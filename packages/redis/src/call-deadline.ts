import { StoreUnavailableError } from '@onlyonce/core';

/**
 * Bounds one call. The driver can swallow a call: neither answer nor error, for ever (docs/protocol.md, F5), so every
 * call gets a deadline of its own. What comes late is dropped; whether the call took effect is unknown then.
 * @param ms from now, milliseconds
 * @param what the call, for the text of the error
 * @throws StoreUnavailableError when neither answer nor error came in time
 */
export function withDeadline<T>(call: Promise<T>, ms: number, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      // Timers run before sockets are read. After the event loop was blocked for long, the answer may be waiting
      // there: it gets one turn, since a healthy call given up means a needless repetition.
      setImmediate(() => {
        reject(new StoreUnavailableError(`${what}: no answer within ${ms} ms`));
      });
    }, ms);
    // Settling twice does nothing: a late answer or error ends here and is never "unhandled".
    call.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- passed on as it came
        reject(error);
      },
    );
  });
}
