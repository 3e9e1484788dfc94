import { describe, expect, it } from '@jest/globals';
import { benchSettings } from './settings.mjs';

describe('benchSettings', () => {
  it('has a default for each', () => {
    expect(benchSettings({})).toMatchObject({
      parts: ['closed', 'open', 'remembered', 'post', 'recovery'],
      replicas: [1, 3, 6, 12],
      runs: 5,
      rate: 1_500,
      backlog: 1_000_000,
      out: '.onlyonce/bench',
      quick: false,
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(benchSettings({ RUNS: '', PARTS: '', OUT: '', QUICK: '' })).toEqual(benchSettings({}));
  });

  it('is short with QUICK=1, unless a variable says otherwise', () => {
    expect(benchSettings({ QUICK: '1' })).toMatchObject({ runs: 1, replicas: [3], quick: true });
    expect(benchSettings({ QUICK: '1', RUNS: '2' })).toMatchObject({ runs: 2, replicas: [3] });
    expect(benchSettings({ QUICK: '0' })).toMatchObject({ runs: 5, quick: false });
  });

  it('keeps peers and parts in their own order, and numbers in rising order, each once', () => {
    expect(benchSettings({ PEERS: 'raw, race', PARTS: 'open,closed', REPLICAS: '12,3,3' })).toMatchObject({
      peers: ['race', 'raw'],
      parts: ['closed', 'open'],
      replicas: [3, 12],
    });
  });

  it('names every variable that is wrong, and what it was', () => {
    const faulty = { RUNS: '0', RATE: 'fast', REPLICAS: '3,,6', PEERS: 'kafka', PARTS: 'all', WINDOW: '1.5' };
    let text = '';
    try {
      benchSettings(faulty);
    } catch (error) {
      text = error.message;
    }
    expect(text).toContain('RUNS must be an integer from 1 to 100 (got 0)');
    expect(text).toContain(
      'PEERS knows race, pull, raw, bullmq, usual, nest, separated by commas (got kafka)',
    );
    for (const name of Object.keys(faulty)) expect(text).toContain(name);
  });
});
