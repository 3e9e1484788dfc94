// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';

/** With this a handler ends its own process: the supervisor knows it for what it is. */
export const SELF_ENDED = 77;

/**
 * What a message makes its handler do, carried in its body, so that it is the same in every replay.
 * @typedef {{ do: 'throw', times: number } | { do: 'busy' | 'slow', ms: number } | { do: 'exit' }} Misbehaviour
 *   times: attempts that fail; as many as there are tries and more: it dies
 */

/**
 * @param {Misbehaviour | undefined} misbehaviour
 * @param {{ attempt: number }} delivery
 */
export async function misbehave(misbehaviour, { attempt }) {
  if (misbehaviour === undefined) return;
  switch (misbehaviour.do) {
    case 'throw':
      if (attempt <= misbehaviour.times) throw new Error(`attempt ${attempt} was told to fail`);
      return;
    case 'busy': {
      // Blocks the event loop: no lock of this pod is extended meanwhile.
      const end = performance.now() + misbehaviour.ms;
      while (performance.now() < end);
      return;
    }
    case 'slow':
      await sleep(misbehaviour.ms);
      return;
    case 'exit':
      process.exit(SELF_ENDED);
  }
}
