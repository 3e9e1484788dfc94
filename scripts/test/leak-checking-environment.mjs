import { setTimeout as sleep } from 'node:timers/promises';
import { TestEnvironment } from 'jest-environment-node';

const WATCHED = ['TCPSocketWrap', 'TCPServerWrap', 'ProcessWrap'];
const GRACE_MS = 3_000;

/** How many sockets, servers and child processes keep this process alive; idle keep-alive sockets do not count. */
const heldOpen = () => {
  const counts = Object.fromEntries(WATCHED.map((kind) => [kind, 0]));
  for (const kind of process.getActiveResourcesInfo()) if (kind in counts) counts[kind] += 1;
  return counts;
};

/**
 * Fails a test file that leaves a connection, a server or a child process behind, and names the file. Jest itself
 * notices only at the very end of a run, only with one worker, and cannot say which file it was.
 */
export default class LeakCheckingEnvironment extends TestEnvironment {
  #before = heldOpen();

  async teardown() {
    const leaked = await this.#leaked();
    await super.teardown();
    if (leaked.length > 0) throw new Error(`left open after the last test: ${leaked.join(', ')}`);
  }

  /** Closing takes a few turns of the event loop: waits for it, within a deadline. */
  async #leaked() {
    const deadline = performance.now() + GRACE_MS;
    for (;;) {
      const now = heldOpen();
      const more = WATCHED.filter((kind) => now[kind] > this.#before[kind]);
      if (more.length === 0) return [];
      if (performance.now() > deadline)
        return more.map((kind) => `${now[kind] - this.#before[kind]} ${kind}`);
      await sleep(20);
    }
  }
}
