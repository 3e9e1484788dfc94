import { describe, expect, it } from '@jest/globals';
import { FakeClock, SeededRandom } from '@onlyonce/testing';
import { StoreRefusedError, StoreUnavailableError } from '../errors.js';
import { persistently } from './persistent-call.js';

function deps() {
  const clock = new FakeClock();
  const giveUp = new AbortController();
  return { clock, giveUp, random: new SeededRandom(1), signal: giveUp.signal };
}

describe('persistently', () => {
  it('asks again, ever more slowly, until there is an answer', async () => {
    const given = deps();
    const askedAtMs: number[] = [];
    const answer = persistently(given, () => {
      askedAtMs.push(given.clock.monotonicMs());
      return askedAtMs.length < 12
        ? Promise.reject(new StoreUnavailableError('away'))
        : Promise.resolve('here');
    });
    expect(await given.clock.settle(answer)).toBe('here');
    const gaps = askedAtMs.slice(1).map((atMs, index) => atMs - (askedAtMs[index] ?? 0));
    expect(gaps[0]).toBeLessThanOrEqual(25);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(500);
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(250);
  });

  it.each([
    { what: 'an error of the engine that no repetition cures', error: new StoreRefusedError('no right') },
    { what: 'an error of somebody else', error: new TypeError('a bug') },
  ])('does not ask again after $what', async ({ error }) => {
    let calls = 0;
    const answer = persistently(deps(), () => {
      calls += 1;
      return Promise.reject(error);
    });
    await expect(answer).rejects.toBe(error);
    expect(calls).toBe(1);
  });

  it('gives up at once when told to, also while it waits, and leaves no timer behind', async () => {
    const given = deps();
    const answer = persistently(given, () => Promise.reject(new StoreUnavailableError('away')));
    const told = expect(answer).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: 'gave up: shutting down',
    });
    await given.clock.advance(5);
    given.giveUp.abort();
    await told;
    expect(given.clock.waiting).toBe(0);
  });

  it('asks once even if told to give up before', async () => {
    const given = deps();
    given.giveUp.abort();
    expect(await persistently(given, () => Promise.resolve('here'))).toBe('here');
  });
});
