import { describe, expect, it } from '@jest/globals';
import { judgeGuarantee, memoryForIds, type GuaranteeDemand, type StoreFacts } from './guarantee.js';

const durable: StoreFacts = {
  product: 'redis',
  version: '8.0',
  appendOnly: true,
  fsync: 'always',
  truncatesTornTail: false,
  evictionPolicy: 'noeviction',
  replicas: 0,
  clockOffsetMs: 0,
};
const WEEK_MS = 7 * 24 * 3_600_000;
const demand: GuaranteeDemand = { waitReplicas: 0, retentionMs: WEEK_MS, expectedMessagesPerSecond: 100 };

describe('judgeGuarantee', () => {
  it.each<{
    what: string;
    facts?: Partial<StoreFacts>;
    waitReplicas?: number;
    acceptance: string;
    weakness?: RegExp;
  }>([
    { what: 'synced at each write', acceptance: 'durable' },
    { what: 'confirmed by replicas', facts: { replicas: 2 }, waitReplicas: 2, acceptance: 'replicated' },
    {
      what: 'no append-only file',
      facts: { appendOnly: false },
      acceptance: 'can-lose',
      weakness: /appendonly is off/,
    },
    {
      what: 'unreadable configuration',
      facts: { appendOnly: undefined },
      acceptance: 'can-lose',
      weakness: /unknown/,
    },
    {
      what: 'synced each second',
      facts: { fsync: 'everysec' },
      acceptance: 'can-lose',
      weakness: /everysec/,
    },
    {
      what: 'sync unknown',
      facts: { fsync: undefined },
      acceptance: 'can-lose',
      weakness: /appendfsync is unknown/,
    },
    {
      what: 'eviction',
      facts: { evictionPolicy: 'allkeys-lru' },
      acceptance: 'can-lose',
      weakness: /allkeys-lru/,
    },
    {
      what: 'too few replicas',
      facts: { replicas: 1 },
      waitReplicas: 2,
      acceptance: 'can-lose',
      weakness: /2 replicas/,
    },
    {
      what: 'torn tails cut silently',
      facts: { truncatesTornTail: true },
      acceptance: 'can-lose',
      weakness: /aof-load/,
    },
  ])('$what: $acceptance', ({ facts, waitReplicas = 0, acceptance, weakness }) => {
    const report = judgeGuarantee({ ...durable, ...facts }, { ...demand, waitReplicas });
    expect(report.acceptance).toBe(acceptance);
    expect(report.effects).toBe('exactly-once');
    if (weakness) expect(report.weaknesses).toEqual([expect.stringMatching(weakness)]);
    else expect(report.weaknesses).toEqual([]);
  });

  it('lists everything that is weak, not only the first', () => {
    const facts = { ...durable, appendOnly: false, evictionPolicy: 'volatile-ttl', replicas: 0 };
    expect(judgeGuarantee(facts, { ...demand, waitReplicas: 1 }).weaknesses).toHaveLength(3);
  });

  it.each<{ what: string; facts: Partial<StoreFacts>; remark: RegExp }>([
    { what: 'asynchronous replicas', facts: { replicas: 1 }, remark: /failover/ },
    { what: 'a clock far from ours', facts: { clockOffsetMs: -5_000 }, remark: /-5000 ms/ },
    {
      what: 'ids that do not fit',
      facts: { maxMemoryBytes: 1e9 },
      remark: /5\.4 GB.*more than maxmemory \(1\.0 GB\)/,
    },
  ])('remarks, without calling it weak: $what', ({ facts, remark }) => {
    const report = judgeGuarantee({ ...durable, ...facts }, demand);
    expect(report.remarks).toEqual([expect.stringMatching(remark)]);
    expect(report.acceptance).toBe('durable');
  });

  it('does not take no limit for a limit of 0', () => {
    expect(judgeGuarantee({ ...durable, maxMemoryBytes: 0 }, demand).remarks).toEqual([]);
  });
});

describe('memoryForIds', () => {
  it('is the figure of docs/protocol.md, and unknown for ids kept for ever', () => {
    expect(memoryForIds({ ...demand, expectedMessagesPerSecond: 1_000 }) / 1e9).toBeCloseTo(54.4, 1);
    expect(memoryForIds({ ...demand, retentionMs: Infinity })).toBe(0);
  });
});
