import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Tally } from '../src/apply/apply.ts';
import { readSettings, type Settings } from '../src/apply/settings.ts';
import { DatadogStandIn } from './support/datadog-stand-in.ts';

let datadog: DatadogStandIn;
beforeEach(async () => {
  datadog = new DatadogStandIn();
  await datadog.start();
});
afterEach(() => datadog.stop());

let worker: ChildProcess;
beforeAll(async () => {
  worker = fork(fileURLToPath(new URL('support/apply-worker.ts', import.meta.url)), { execArgv: [] });
  await new Promise((resolve) => worker.once('message', resolve));
}, 120_000);
afterAll(() => {
  worker.kill();
});

type Said = { out: string; tally: Tally };

async function run(yes = false, more: Partial<Settings> = {}): Promise<Said> {
  const settings: Settings = {
    apiKey: 'api',
    appKey: 'app',
    site: datadog.url,
    notify: '',
    runbookUrl: '',
    yes,
    ...more,
  };
  const answer = new Promise((resolve) => worker.once('message', resolve));
  worker.send(settings);
  return (await answer) as Said;
}

const KINDS = { dashboards: 2, monitors: 18, pipelines: 1, metrics: 11 };
const ALL = Object.values(KINDS).reduce((sum, count) => sum + count);

const done = (created: number, updated: number, failed = 0): Tally => ({
  created,
  updated,
  same: ALL - created - updated - failed,
  failed,
});

describe('apply', () => {
  it('shows what it would create, and changes nothing', async () => {
    const { out, tally } = await run();
    expect(out).toContain('+ dashboard exactly-once-proof');
    expect(tally).toEqual(done(ALL, 0));
    expect(datadog.writes).toEqual([]);
  });

  it('creates everything once: done again, nothing is left to do', async () => {
    expect((await run(true)).tally).toEqual(done(ALL, 0));
    for (const [kind, count] of Object.entries(KINDS))
      expect([kind, datadog[kind as keyof typeof KINDS].size]).toEqual([kind, count]);
    expect(datadog.asked[0]?.headers).toMatchObject({ 'dd-api-key': 'api', 'dd-application-key': 'app' });
    const written = datadog.writes.length;
    expect(await run(true)).toEqual({ out: '', tally: done(0, 0) });
    expect(datadog.writes).toHaveLength(written);
  });

  it('puts right what somebody changed by hand, in place, and leaves what is not ours', async () => {
    await run(true);
    const named = (shelf: Map<string, Record<string, unknown>>, key: string, text: string) =>
      [...shelf.values()].find((each) => each[key] === text) ?? {};
    const alert = named(datadog.monitors, 'name', 'Onlyonce: messages wait too long');
    Object.assign(alert, { name: 'renamed by hand', query: `${String(alert['query'])}0` });
    Object.assign(named(datadog.pipelines, 'name', 'Onlyonce'), { is_enabled: false });
    const dead = datadog.metrics.get('onlyonce.logs.dead') ?? {};
    Object.assign(dead['attributes'] as object, { filter: { query: '*' } });
    const proof = named(datadog.dashboards, 'title', 'Onlyonce: exactly-once proof');
    proof['widgets'] = (proof['widgets'] as unknown[]).slice(1);
    const notOurs = {
      id: 7,
      name: 'not ours',
      type: 'query alert',
      query: 'x',
      tags: ['managed_by:onlyonce', 'onlyonce_alert:not-known'],
    };
    datadog.monitors.set('7', notOurs);
    const ids = [...datadog.monitors.keys()];

    const dry = await run();
    expect(dry.tally).toEqual(done(0, 4));
    expect(dry.out).toContain(`~ monitor backlog-age (${String(alert['id'])})`);
    expect(dry.out).toContain('name: "Onlyonce: messages wait too long" instead of "renamed by hand"');
    expect(dry.out).toContain('is_enabled: true instead of false');
    expect(dry.out).toContain('widgets: 6 instead of 5 entries');
    expect((await run(true)).tally).toEqual(done(0, 4));
    expect([...datadog.monitors.keys()]).toEqual(ids);
    expect(datadog.monitors.get('7')).toEqual(notOurs);
    expect((await run()).tally).toEqual(done(0, 0));
  });

  it('puts the runbook and whom to tell into the messages', async () => {
    await run(true, { notify: '@slack-orders', runbookUrl: 'https://wiki.example.com/runbook' });
    expect(datadog.monitors.size).toBe(KINDS.monitors);
    for (const { message } of datadog.monitors.values()) {
      expect(message).toMatch(
        /Runbook: https:\/\/wiki\.example\.com\/runbook#alert-[a-z-]+\n[\s\S]*\n@slack-orders$/,
      );
    }
  });

  it('waits at the rate limit and at passing faults, and goes on', async () => {
    datadog.troubles.push(
      { status: 429, headers: { 'x-ratelimit-reset': '0' } },
      { status: 429, headers: { 'x-ratelimit-reset': '1' }, on: 'POST /api/v1/monitor' },
      { status: 503, headers: { 'x-ratelimit-reset': '0' }, on: 'POST /api/v1/dashboard' },
    );
    expect((await run(true)).tally).toEqual(done(ALL, 0));
    expect(datadog.troubles).toEqual([]);
  });

  it('says what is refused, and does the rest', async () => {
    datadog.troubles.push(
      { status: 400, on: 'POST /api/v1/monitor' },
      { status: 403, on: 'GET /api/v1/dashboard' },
    );
    const { out, tally } = await run(true);
    expect(out).toMatch(/! monitor backlog-age: 400 \["trouble"\]/);
    expect(out).toMatch(/! dashboards: 403 \["trouble"\] \(do the keys have the rights/);
    expect(tally).toEqual(done(ALL - 3, 0, 3));
  });

  it('does not choose between two of a name', async () => {
    await run(true);
    const [proof] = datadog.dashboards.values();
    datadog.dashboards.set('copy', { ...proof, id: 'copy' });
    const { out, tally } = await run(true);
    expect(out).toMatch(/! dashboards: two dashboards are called "Onlyonce: [^"]+": \S+ and copy/);
    expect(tally.failed).toBe(KINDS.dashboards);
  });

  it('says that what a log-based metric computes cannot be changed', async () => {
    await run(true);
    const attributes = datadog.metrics.get('onlyonce.logs.dead')?.['attributes'] as Record<string, unknown>;
    attributes['compute'] = { aggregation_type: 'distribution', path: '@durationMs' };
    const { out, tally } = await run(true);
    expect(out).toContain(
      '! log-based metric onlyonce.logs.dead: what a log-based metric computes cannot be changed',
    );
    expect(tally.failed).toBe(1);
  });
});

describe('settings', () => {
  const env = { DD_API_KEY: 'api', DD_APP_KEY: 'app' };

  it('change nothing unless told to', () => {
    expect(readSettings(env, [])).toMatchObject({ site: 'datadoghq.com', yes: false });
    expect(readSettings({ ...env, DD_SITE: 'us5.datadoghq.com' }, ['--yes'])).toMatchObject({
      site: 'us5.datadoghq.com',
      yes: true,
    });
  });

  it('are refused all at once, each by its name', () => {
    const wrong = { DD_APP_KEY: 'app', DD_SITE: 'data dog', NOTIFY: 'me', RUNBOOK_URL: 'runbook' };
    for (const fault of ['DD_API_KEY is not set', 'DD_SITE must be', 'NOTIFY must be', 'RUNBOOK_URL must be'])
      expect(() => readSettings(wrong, [])).toThrow(fault);
  });

  it('that cannot be used end the command with 2 and the usage', () => {
    const main = fileURLToPath(new URL('../src/apply/main.ts', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [main], { env: {}, encoding: 'utf8' });
    expect(stderr).toContain('DD_API_KEY is not set; DD_APP_KEY is not set\n\nCreates or updates');
    expect(status).toBe(2);
  }, 120_000);
});
