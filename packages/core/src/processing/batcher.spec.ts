import { describe, expect, it } from '@jest/globals';
import { Batcher } from './batcher.js';

/** A call whose answers the test gives. */
class HeldCall {
  readonly calls: {
    items: readonly string[];
    answer: (results: string[]) => void;
    fail: (error: Error) => void;
  }[] = [];

  readonly send = (items: readonly string[]): Promise<string[]> =>
    new Promise((answer, fail) => {
      this.calls.push({ items, answer, fail });
    });

  get items(): (readonly string[])[] {
    return this.calls.map((call) => call.items);
  }

  /** Answers the oldest call that waits, each item by itself in upper case. */
  async answer(index: number): Promise<void> {
    const call = this.calls[index];
    call?.answer(call.items.map((item) => item.toUpperCase()));
    await nextTurn();
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const submitAll = (batcher: Batcher<string, string>, items: readonly string[]): Promise<string[]> =>
  Promise.all(items.map((item) => batcher.submit(item)));

describe('Batcher', () => {
  it('sends an item alone and at once when no call is under way', async () => {
    const held = new HeldCall();
    const batcher = new Batcher({ maxBatch: 10, parallelCalls: 1 }, held.send);
    const answer = batcher.submit('a');
    await nextTurn();
    expect(held.items).toEqual([['a']]);
    await held.answer(0);
    expect(await answer).toBe('A');
  });

  it('sends what is submitted in one go as one call', async () => {
    const held = new HeldCall();
    const answers = submitAll(new Batcher({ maxBatch: 10, parallelCalls: 1 }, held.send), ['a', 'b', 'c']);
    await nextTurn();
    expect(held.items).toEqual([['a', 'b', 'c']]);
    await held.answer(0);
    expect(await answers).toEqual(['A', 'B', 'C']);
  });

  it('gathers while a call is under way', async () => {
    const held = new HeldCall();
    const batcher = new Batcher({ maxBatch: 10, parallelCalls: 1 }, held.send);
    const first = batcher.submit('a');
    await nextTurn();
    const rest = [batcher.submit('b')];
    await nextTurn();
    rest.push(batcher.submit('c'));
    await nextTurn();
    expect(batcher.size).toBe(2);
    expect(held.items).toEqual([['a']]);
    await held.answer(0);
    expect(held.items).toEqual([['a'], ['b', 'c']]);
    await held.answer(1);
    expect(await Promise.all([first, ...rest])).toEqual(['A', 'B', 'C']);
  });

  it('sends no more than the largest batch, the rest with the next call', async () => {
    const held = new HeldCall();
    const answers = submitAll(new Batcher({ maxBatch: 2, parallelCalls: 1 }, held.send), [
      'a',
      'b',
      'c',
      'd',
      'e',
    ]);
    for (const index of [0, 1, 2]) {
      await nextTurn();
      await held.answer(index);
    }
    expect(held.items).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(await answers).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  it('has no more calls under way than allowed', async () => {
    const held = new HeldCall();
    const answers = submitAll(new Batcher({ maxBatch: 1, parallelCalls: 2 }, held.send), ['a', 'b', 'c']);
    await nextTurn();
    expect(held.items).toEqual([['a'], ['b']]);
    await held.answer(1);
    expect(held.items).toEqual([['a'], ['b'], ['c']]);
    await held.answer(0);
    await held.answer(2);
    expect(await answers).toEqual(['A', 'B', 'C']);
  });

  it('tells the error of a call to each of its items, and goes on', async () => {
    const held = new HeldCall();
    const batcher = new Batcher({ maxBatch: 2, parallelCalls: 1 }, held.send);
    const results = Promise.allSettled(['a', 'b', 'c'].map((item) => batcher.submit(item)));
    await nextTurn();
    held.calls[0]?.fail(new Error('broken'));
    await nextTurn();
    await held.answer(1);
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('does not leave an item waiting that the answer forgot', async () => {
    const held = new HeldCall();
    const batcher = new Batcher({ maxBatch: 2, parallelCalls: 1 }, held.send);
    const results = Promise.allSettled(['a', 'b'].map((item) => batcher.submit(item)));
    await nextTurn();
    held.calls[0]?.answer(['A']);
    const [first, second] = await results;
    expect(first).toEqual({ status: 'fulfilled', value: 'A' });
    expect(second).toMatchObject({ status: 'rejected', reason: new Error('the call answered 1 of 2 items') });
  });
});
