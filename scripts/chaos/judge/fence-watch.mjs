// @ts-check
const EVERY_MS = 500;

/** I7: tokens rise. Looks at the last one issued from time to time. */
export class FenceWatch {
  #last = 0n;
  #timer;
  /** @type {string[]} */
  falls = [];

  /** @param {() => Promise<any>} read */
  constructor(read) {
    let reading = false;
    this.#timer = setInterval(() => {
      // One after the other: two that Redis kept waiting are answered together, and heard in any order.
      if (reading) return;
      reading = true;
      const done = () => (reading = false);
      const answer = read();
      answer.then(done, done);
      answer.then(
        (text) => {
          const fence = BigInt(text ?? 0);
          if (fence < this.#last)
            this.falls.push(`I7: the fencing token fell from ${this.#last} to ${fence}`);
          this.#last = fence;
        },
        () => undefined,
      );
    }, EVERY_MS);
  }

  stop() {
    clearInterval(this.#timer);
  }
}
