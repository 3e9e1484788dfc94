import { describe, expect, it } from '@jest/globals';
import { effectLines, heldMessages, logLines, takenOver } from './log-lines.mjs';

const line = (event, messageId, more = {}) => ({ event, messageId, group: 'inventory', ...more });

describe('the log lines that the compose test judges by', () => {
  it('are told from what is no JSON object', () => {
    const { lines, foreign } = logLines('{"event":"lock.won"}\n\nSegmentation fault\n42\n');
    expect(lines).toEqual([{ event: 'lock.won' }]);
    expect(foreign).toEqual(['Segmentation fault', '42']);
  });

  it('say what a pod still holds', () => {
    const lines = [
      line('lock.won', 'a'),
      line('lock.won', 'b'),
      line('message.processed', 'a'),
      line('lock.won', 'c'),
    ];
    expect(heldMessages(lines)).toEqual(['b', 'c']);
  });

  it('show a second effect of a message, a rejection being one too', () => {
    const lines = [
      line('message.processed', 'a'),
      line('message.processed', 'b'),
      line('message.rejected', 'a'),
    ];
    expect(effectLines(lines)).toEqual(
      new Map([
        ['a', 2],
        ['b', 1],
      ]),
    );
  });

  it('of the group that hears the results are no effects on stock', () => {
    expect(effectLines([line('message.processed', 'a', { group: 'order' })])).toEqual(new Map());
  });

  it('tell what was taken over from whom', () => {
    const lines = [
      line('message.recovered', 'a', { previousPod: 'one-7' }),
      line('message.recovered', 'b', { previousPod: 'two-7' }),
      line('message.recovered', 'c', { previousPod: 'one-7' }),
    ];
    expect(takenOver(lines, ['a', 'b'], 'one')).toBe(1);
  });
});
