import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatadogStandIn } from './support/datadog-stand-in.ts';

const MAIN = fileURLToPath(new URL('../src/apply/main.ts', import.meta.url));

let datadog: DatadogStandIn;
beforeEach(async () => {
  datadog = new DatadogStandIn();
  await datadog.start();
});
afterEach(() => datadog.stop());

async function run(args: readonly string[] = [], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { DD_API_KEY: 'api', DD_APP_KEY: 'app', DD_SITE: datadog.url, ...env },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
}

const KINDS = { dashboards: 2, monitors: 18, pipelines: 1, metrics: 11 };
const ALL = Object.values(KINDS).reduce((sum, count) => sum + count);

describe('make datadog-apply', () => {
  it('shows what it would create, and changes nothing', async () => {
    const { code, out } = await run();
    expect(out).toContain('+ dashboard exactly-once-proof');
    expect(out).toContain(`${ALL} would be created, 0 would be updated, 0 as they should be, 0 failed`);
    expect(datadog.writes).toEqual([]);
    expect(code).toBe(0);
  });

  it('creates everything once: done again, nothing is left to do', async () => {
    expect((await run(['--yes'])).out).toContain(`${ALL} created, 0 updated, 0 as they should be, 0 failed`);
    for (const [kind, count] of Object.entries(KINDS))
      expect([kind, datadog[kind as keyof typeof KINDS].size]).toEqual([kind, count]);
    expect(datadog.asked[0]?.headers).toMatchObject({ 'dd-api-key': 'api', 'dd-application-key': 'app' });
    const written = datadog.writes.length;
    const again = await run(['--yes']);
    expect(again.out).toBe(`0 created, 0 updated, ${ALL} as they should be, 0 failed\n`);
    expect(datadog.writes).toHaveLength(written);
  });

  it('puts right what somebody changed by hand, in place, and leaves what is not ours', async () => {
    await run(['--yes']);
    const alert = [...datadog.monitors.values()].find(
      ({ name }) => name === 'Onlyonce: messages wait too long',
    );
    Object.assign(alert!, { name: 'renamed by hand', query: `${String(alert?.['query'])}0` });
    Object.assign([...datadog.pipelines.values()][0]!, { is_enabled: false });
    Object.assign(datadog.metrics.get('onlyonce.logs.dead')!['attributes'] as object, {
      filter: { query: '*' },
    });
    const proof = [...datadog.dashboards.values()].find(
      ({ title }) => title === 'Onlyonce: exactly-once proof',
    )!;
    proof['widgets'] = (proof['widgets'] as unknown[]).slice(1);
    datadog.monitors.set('7', {
      id: 7,
      name: 'not ours',
      tags: ['managed_by:onlyonce', 'onlyonce_alert:not-known'],
    });
    const ids = [...datadog.monitors.keys()];

    const dry = await run();
    expect(dry.out).toContain(`~ monitor backlog-age (${String(alert?.['id'])})`);
    expect(dry.out).toContain('name: "Onlyonce: messages wait too long" instead of "renamed by hand"');
    expect(dry.out).toContain('is_enabled: true instead of false');
    expect(dry.out).toContain('widgets: 6 instead of 5 entries');
    const { out } = await run(['--yes']);
    expect(out).toContain(`0 created, 4 updated, ${ALL - 4} as they should be, 0 failed`);
    expect([...datadog.monitors.keys()]).toEqual(ids);
    expect(datadog.monitors.get('7')).toMatchObject({ name: 'not ours' });
    expect((await run()).out).toContain(`0 would be updated, ${ALL} as they should be`);
  });

  it('puts the runbook and whom to tell into the messages', async () => {
    await run(['--yes'], { NOTIFY: '@slack-orders', RUNBOOK_URL: 'https://wiki.example.com/runbook' });
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
    const { code, out } = await run(['--yes']);
    expect(out).toContain(`${ALL} created, 0 updated, 0 as they should be, 0 failed`);
    expect(datadog.troubles).toEqual([]);
    expect(code).toBe(0);
  });

  it('says what is refused, does the rest, and ends with 1', async () => {
    datadog.troubles.push(
      { status: 400, on: 'POST /api/v1/monitor' },
      { status: 403, on: 'GET /api/v1/dashboard' },
    );
    const { code, out } = await run(['--yes']);
    expect(out).toMatch(/! monitor backlog-age: 400 \["trouble"\]/);
    expect(out).toMatch(/! dashboards: 403 \["trouble"\] \(do the keys have the rights/);
    expect(out).toContain(`${ALL - 3} created, 0 updated, 0 as they should be, 3 failed`);
    expect(code).toBe(1);
  });

  it('does not choose between two of a name', async () => {
    await run(['--yes']);
    const [[, proof]] = [...datadog.dashboards] as [[string, Record<string, unknown>]];
    datadog.dashboards.set('copy', { ...proof, id: 'copy' });
    const { code, out } = await run(['--yes']);
    expect(out).toMatch(
      /! dashboards: two dashboards are called "Onlyonce: exactly-once proof": \S+ and copy/,
    );
    expect(code).toBe(1);
  });

  it('names every setting that is missing or wrong', async () => {
    const { code, err } = await run([], {
      DD_API_KEY: '',
      DD_SITE: 'data dog',
      NOTIFY: 'me',
      RUNBOOK_URL: 'runbook',
    });
    for (const fault of ['DD_API_KEY is not set', 'DD_SITE must be', 'NOTIFY must be', 'RUNBOOK_URL must be'])
      expect(err).toContain(fault);
    expect(code).toBe(2);
    expect(datadog.asked).toEqual([]);
  });
});
