import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { lineHead, logEvents, type LogEventDefinition } from '@onlyonce/nestjs';
import { serviceEvents } from '../src/emitted/logs.ts';
import { committed } from './support/generated.ts';
import { throughPipeline, type Log, type Pipeline } from './support/through-pipeline.ts';

// What Datadog would be sent: the lines of a demo, in which a replica is killed and another paused.
const root = fileURLToPath(new URL('../../../', import.meta.url));
const pipeline = committed().get('logs/pipeline.json') as Pipeline;
const events: Readonly<Record<string, LogEventDefinition>> = { ...logEvents, ...serviceEvents };

type Line = Record<string, unknown> & { readonly event?: string };
let lines: Line[];
let logs: Log[];

beforeAll(async () => {
  const demo = spawn(process.execPath, [join(root, 'scripts/demo/main.mjs')], {
    env: { ...process.env, DEMO_ORDERS: '100', DEMO_SETTLE_SECONDS: '120' },
  });
  let said = '';
  demo.stdout.on('data', (chunk) => (said += String(chunk)));
  demo.stderr.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise((resolve) => demo.once('close', resolve));
  expect([code, said]).toEqual([0, expect.stringContaining('PROVED')]);
  const kept = join(root, '.onlyonce/demo');
  const texts = globSync('*.jsonl', { cwd: kept }).map((file) => readFileSync(join(kept, file), 'utf8'));
  lines = texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as Line),
  );
  logs = lines.map((line) => throughPipeline(pipeline, line));
}, 240_000);

const effects = (of: readonly Log[]): Map<string, Set<unknown>> => {
  const found = new Map<string, Set<unknown>>();
  for (const { attributes, tags } of of) {
    if (!/^message\.(processed|rejected)$/.test(String(attributes['event']))) continue;
    const key = `${String(tags['group'])} ${String(attributes['messageId'])}`;
    found.set(key, (found.get(key) ?? new Set()).add(attributes['effect']));
  }
  return found;
};

describe('real lines', () => {
  it('have the names and fields of the vocabulary, all that are always there and none that is not listed', () => {
    const wrong = lines.flatMap((line) => {
      const { event } = line;
      if (event === undefined) return [];
      const definition = events[event];
      if (!definition) return [`${event} is not in the vocabulary`];
      // What order says of an order posted again is about no group and no attempt.
      const repeated =
        event === 'message.duplicate' && line['service'] === 'order' && line['group'] === undefined;
      const needed = repeated ? ['messageId', 'channel', 'reason'] : definition.fields;
      const known = ['event', 'dd', ...lineHead, ...definition.fields, ...(definition.optional ?? [])];
      return [
        ...needed.filter((field) => line[field] === undefined).map((field) => `${event} without ${field}`),
        ...Object.keys(line)
          .filter((field) => !known.includes(field))
          .map((field) => `${event} with ${field}`),
        ...(definition.levels.some((level) => level === line['level'])
          ? []
          : [`${event}: ${String(line['level'])}`]),
      ];
    });
    expect([...new Set(wrong)]).toEqual([]);
  });

  it('show what the proof asks for', () => {
    const there = new Set(lines.map(({ event }) => event));
    for (const event of [
      'order.accepted',
      'message.received',
      'lock.won',
      'lock.lost',
      'message.processed',
      'message.duplicate',
      'message.recovered',
      'guarantee',
      'service.started',
    ])
      expect(there).toContain(event);
    expect(lines.some(({ previousPod }) => previousPod !== undefined)).toBe(true);
  });

  it('get time, status, service and tags from the pipeline, every one of them', () => {
    expect(logs.length).toBeGreaterThan(500);
    for (const { official, tags } of logs) {
      expect(new Date(String(official['date-remapper'])).getTime()).toBeGreaterThan(Date.now() - 3_600_000);
      expect(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).toContain(official['status-remapper']);
      expect(['order', 'inventory']).toContain(official['service-remapper']);
      expect(tags['pod']).toMatch(/^(order|inventory)-\d$/);
      expect(tags).toHaveProperty('env');
    }
    const ofMessages = logs.filter(({ attributes }) => /^(message|lock)\./.test(String(attributes['event'])));
    expect(ofMessages.every(({ tags }) => tags['channel'] !== undefined)).toBe(true);
  });

  it('prove one effect per message and group, as the table of the dashboard computes it', () => {
    const found = effects(logs);
    const accepted = lines.filter(({ event }) => event === 'order.accepted');
    expect(accepted).toHaveLength(100);
    for (const { messageId } of accepted) expect(found.get(`inventory ${String(messageId)}`)?.size).toBe(1);
    expect([...found.values()].filter(({ size }) => size !== 1)).toEqual([]);
  });

  it('count once when they are shipped twice, and twice when there were two', () => {
    const effect = lines.find(({ event, group }) => event === 'message.processed' && group === 'inventory');
    const key = `inventory ${String(effect?.['messageId'])}`;
    const copy = throughPipeline(pipeline, { ...effect });
    expect(effects([...logs, copy]).get(key)?.size).toBe(1);
    for (const other of [
      { pod: 'inventory-9' },
      { fencingToken: '1' },
      { time: '2026-01-01T00:00:00.000Z' },
    ]) {
      const second = throughPipeline(pipeline, { ...effect, ...other });
      expect(effects([...logs, second]).get(key)?.size).toBe(2);
    }
  });

  it('have an error as text put where Datadog looks for it', () => {
    const { attributes } = throughPipeline(pipeline, { event: 'engine.claim_failed', error: 'away' });
    expect(attributes).toMatchObject({ 'error.message': 'away' });
    expect(attributes).not.toHaveProperty('error');
  });
});
