import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { idOf, APPLIED_KEY, STOCK_KEY } from '../messages.mjs';
import { inOrder } from '../figures/ledger.mjs';
import { trial, trialOn } from '../parts/trial.mjs';
import { killChildren } from '../process/child.mjs';
import { startOwnRedis } from '../redis/own-redis.mjs';
import { Witness } from '../redis/witness.mjs';

const MESSAGES = 2_000;
const SHAPE = { kind: 'closed', messages: MESSAGES, window: 500, seconds: 30 };
const environment = { options: {} };
const tiny = (peer) => ({ part: 'closed', peer, replicas: 2, round: 0, shape: SHAPE });

afterAll(killChildren);

describe('a tiny benchmark, with real processes and a real Redis', () => {
  it.each(['race', 'pull'])('finds %s in order: each message took effect once', async (peer) => {
    const done = await trial(tiny(peer), environment);
    expect(inOrder(done.books)).toBe(true);
    expect(done).toMatchObject({ messages: MESSAGES, unapplied: 0, effects: MESSAGES });
    expect(done.latencyMs.count).toBe(MESSAGES);
    expect(done.commands.evalsha).toBeGreaterThan(0);
  });

  it('finds the raw consumer group in order while nothing fails', async () => {
    const done = await trial(tiny('raw'), environment);
    expect(inOrder(done.books)).toBe(true);
    expect(done.commands).toMatchObject({ xadd: 1, hincrby: 3 });
  });

  it('loses nothing of the usual recipe while nobody is away, and counts each effect it finds', async () => {
    const { books, effects } = await trial(tiny('usual'), environment);
    expect(books.lost).toBe(0);
    expect(books.appliedOnce + books.duplicated).toBe(books.expected);
    expect(effects).toBeGreaterThanOrEqual(MESSAGES);
  });

  it('counts every message of the plain transport of Nest as duplicated: each replica works on it', async () => {
    const { books } = await trial(tiny('nest'), environment);
    expect(books).toMatchObject({ duplicated: books.expected, extraEffects: books.expected, lost: 0 });
    expect(books.stockOff).toBeGreaterThan(0);
  });

  it('measures latency from the moment a message was due, at the rate that was asked for', async () => {
    const done = await trial(
      { ...tiny('race'), shape: { kind: 'open', rate: 500, seconds: 2 } },
      environment,
    );
    expect(inOrder(done.books)).toBe(true);
    expect(done.messages).toBe(1_000);
    expect(done.latencyMs.count).toBe(1_000);
    expect(done.latencyMs.p50).toBeGreaterThan(0);
  });
});

describe('planted faults', () => {
  let redis;
  let witness;
  let expected;

  beforeAll(async () => {
    redis = await startOwnRedis();
    witness = await Witness.at(redis.url);
    expected = (await trialOn(redis.url, tiny('race'), environment, 0)).books.expected;
  });

  afterAll(async () => {
    witness?.close();
    await redis?.remove();
  });

  it('are found: a second effect, a lost one, one that nobody sent, and stock that moved by itself', async () => {
    const [anyId] = await witness.redis.hkeys(APPLIED_KEY);
    await witness.redis.hincrby(APPLIED_KEY, anyId, 1);
    expect(await witness.books(expected)).toMatchObject({
      duplicated: 1,
      extraEffects: 1,
      lost: 0,
      stockOff: 0,
    });

    await witness.redis.hdel(APPLIED_KEY, anyId);
    expect(await witness.books(expected)).toMatchObject({ duplicated: 0, lost: 1, stockOff: 0 });

    await witness.redis.hincrby(APPLIED_KEY, idOf(expected + 5, Date.now()), 1);
    expect(await witness.books(expected)).toMatchObject({ lost: 1, foreign: 1 });

    await witness.redis.hincrby(STOCK_KEY, 'sku-003', -2);
    expect(await witness.books(expected)).toMatchObject({ stockOff: 2 });
  });
});

describe('make bench', () => {
  const run = promisify(execFile);
  const main = fileURLToPath(new URL('../main.mjs', import.meta.url));

  it('measures, refuses remembered ids that were filled in as the engine would, and writes its reports', async () => {
    const OUT = await mkdtemp(join(tmpdir(), 'onlyonce-bench-test-'));
    try {
      const settings = {
        PARTS: 'remembered,recovery',
        REMEMBERED: '10000,20000',
        RUNS: '1',
        MESSAGES: '500',
      };
      const env = { ...process.env, NODE_OPTIONS: '', ...settings, BACKLOG: '2000', PEERS: 'race', OUT };
      const { stdout } = await run(process.execPath, [main], { env });
      expect(stdout).toContain('duplicates and losses of Onlyonce, all runs together');
      const files = (await readdir(OUT)).sort();
      expect(files.map((file) => file.slice(10))).toEqual(['-bench.html', '-bench.json', '-bench.md']);
      const results = JSON.parse(await readFile(join(OUT, files[1] ?? ''), 'utf8'));
      expect(results.memory.map(({ remembered }) => remembered)).toEqual([10_000, 20_000]);
      for (const { idsBytes, doneBytes } of results.memory) {
        expect(idsBytes).toBeGreaterThan(10);
        expect(doneBytes).toBeGreaterThan(10);
      }
      expect(results.recoveries).toMatchObject([
        { peer: 'race', backlog: 2_000, books: { appliedOnce: 2_000, duplicated: 0, lost: 0 } },
      ]);
      expect(results.machine.cores).toBeGreaterThan(0);
    } finally {
      await rm(OUT, { recursive: true, force: true });
    }
  });

  it('says which variable is wrong, and measures nothing', async () => {
    const env = { ...process.env, NODE_OPTIONS: '', RUNS: 'many' };
    await expect(run(process.execPath, [main], { env })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('RUNS must be an integer'),
    });
  });
});
