import { describe, expect, it } from '@jest/globals';
import { htmlReport } from '../report/html.mjs';
import { markdownReport } from '../report/markdown.mjs';
import { benchSettings } from '../settings.mjs';
import { exitCodeOf, faultsOf, targetsOf, verdictOf } from './targets.mjs';

const BOOKS = {
  expected: 100,
  appliedOnce: 100,
  duplicated: 0,
  extraEffects: 0,
  lost: 0,
  foreign: 0,
  stockOff: 0,
};

const trialOf = (peer, replicas, round, figures = {}) => ({
  part: 'closed',
  peer,
  replicas,
  round,
  perSecond: 1_000,
  redisCpuUs: 10,
  redisCommands: 3,
  outputBytes: 100,
  podsCpuUs: 20,
  publisherCpuUs: 9,
  podRssMb: 90,
  latencyMs: { p50: 1, p90: 2, p99: 3, p999: 4, most: 5, count: 100 },
  books: { ...BOOKS, examples: [] },
  ...figures,
});

const resultsOf = (trials, more = {}) => ({
  format: 'onlyonce-bench/1',
  beganAt: '2026-11-21T10:00:00.000Z',
  seconds: 60,
  machine: {
    cores: 2,
    cpu: 'a <fast> one',
    memoryGb: 8,
    system: 'linux',
    node: 'v24',
    redis: '7',
    load: [0],
    commit: 'abc',
    packages: {},
  },
  settings: benchSettings({}),
  trials,
  memory: [],
  posts: [],
  recoveries: [],
  failures: [],
  ...more,
});

const found = (results, figure) => targetsOf(results).find((target) => target.figure.startsWith(figure));

describe('targetsOf', () => {
  it('takes the median of ratios within a round', () => {
    const trials = [
      [6_000, 1_000],
      [600, 100],
      [4_000, 1_000],
    ].flatMap(([ours, theirs], round) => [
      trialOf('race', 3, round, { perSecond: ours }),
      trialOf('bullmq', 3, round, { perSecond: theirs }),
    ]);
    expect(found(resultsOf(trials), 'throughput against BullMQ, race, 3')).toMatchObject({
      value: { median: 6, least: 4, most: 6, runs: 3 },
      verdict: 'reached',
    });
  });

  it('says of a part that did not run that it was not measured', () => {
    const results = resultsOf([trialOf('race', 3, 0)]);
    expect(found(results, 'throughput against the raw consumer group, race').verdict).toBe('not measured');
    expect(found(results, 'POST /orders').verdict).toBe('not measured');
  });

  it('compares the most remembered ids with the fewest', () => {
    const some = (remembered, perSecond) => ({
      ...trialOf('race', 3, 0, { perSecond }),
      part: 'remembered',
      remembered,
    });
    const memory = [10_000, 10_000_000].map((remembered) => ({
      remembered,
      idsBytes: 30,
      doneBytes: 24,
      redisMemoryMb: 9,
    }));
    const results = resultsOf([some(10_000, 1_000), some(10_000_000, 900)], { memory });
    expect(found(results, 'throughput with 10,000,000 remembered ids against 10,000')).toMatchObject({
      value: { median: 0.9 },
      verdict: 'missed',
    });
  });
});

describe('verdictOf', () => {
  it('counts the target itself as reached, from both sides', () => {
    expect(verdictOf('least', 5, 5)).toBe('reached');
    expect(verdictOf('least', 5, 4.99)).toBe('missed');
    expect(verdictOf('most', 1.5, 1.5)).toBe('reached');
    expect(verdictOf('most', 0, 1)).toBe('missed');
  });
});

describe('faultsOf', () => {
  const wrong = (figures) => ({ books: { ...BOOKS, examples: [], ...figures } });

  it('counts duplicates and losses of ours, in every part, and of nobody else', () => {
    const results = resultsOf(
      [
        trialOf('race', 3, 0, wrong({ duplicated: 2 })),
        trialOf('pull', 3, 0, wrong({ lost: 1 })),
        trialOf('usual', 3, 0, wrong({ duplicated: 50 })),
      ],
      {
        recoveries: [
          { peer: 'race', ...wrong({ foreign: 4 }), closedPerSecond: [], perSecond: 1, backlog: 1 },
        ],
        posts: [
          { server: 'order', lost: 8 },
          { server: 'bare', lost: 16 },
        ],
      },
    );
    expect(faultsOf(results)).toBe(15);
  });

  it('takes stock that is off for a fault although every message is in its place', () => {
    expect(faultsOf(resultsOf([trialOf('race', 3, 0, wrong({ stockOff: 3 }))]))).toBe(1);
  });

  it('fails the benchmark, whereas speed never does', () => {
    expect(exitCodeOf(resultsOf([trialOf('race', 3, 0, wrong({ lost: 1 }))], { failures: ['post'] }))).toBe(
      1,
    );
    expect(exitCodeOf(resultsOf([trialOf('race', 3, 0, { perSecond: 1 })]))).toBe(0);
    expect(exitCodeOf(resultsOf([trialOf('raw', 3, 0, wrong({ duplicated: 9 }))]))).toBe(0);
    expect(exitCodeOf(resultsOf([], { failures: ['post failed'] }))).toBe(2);
  });

  it('does not call it none when none of ours ran', () => {
    expect(faultsOf(resultsOf([trialOf('raw', 3, 0)]))).toBeNaN();
  });
});

describe('the report', () => {
  const results = resultsOf([trialOf('race', 3, 0), trialOf('raw', 3, 0)]);

  it('is one HTML file that asks nobody for anything', () => {
    const html = htmlReport(results);
    expect(html).toContain('<svg');
    expect(html).toContain('a &lt;fast&gt; one');
    expect(html).not.toMatch(/https?:|<script|<link|@import|url\(/);
    expect(html).not.toContain('NaN');
  });

  it('has the figures in Markdown too', () => {
    const text = markdownReport(results);
    expect(text).toContain('| Onlyonce, race | 1,000 |');
    expect(text).not.toContain('NaN');
  });
});
