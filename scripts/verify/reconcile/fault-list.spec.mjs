import { expect, test } from '@jest/globals';
import { MomentReader } from '../lines/moment.mjs';
import { FaultList, faultOf } from './fault-list.mjs';

const fault = (fields) => faultOf(JSON.stringify(fields), new MomentReader());

test('a fault ends when it says so, or after as long as it lasts, or at once', () => {
  expect(fault({ at: 1e12, until: 1e12 + 5, kind: 'x' })).toMatchObject({ at: 1e12, until: 1e12 + 5 });
  expect(fault({ at: 1e12, durationMs: 7, kind: 'x' })).toMatchObject({ until: 1e12 + 7 });
  expect(fault({ at: '2026-11-21T02:34:01.365Z', kind: 'x', target: 'y' })).toMatchObject({ target: 'y' });
});

test.each(['', '[]', '{}', '{"at":1}', '{"at":"x","kind":"y"}', 'null'])('%j is no fault', (line) => {
  expect(faultOf(line, new MomentReader())).toBeUndefined();
});

test('waiting counts from the end of the last fault before the settlement', () => {
  const faults = new FaultList([
    fault({ at: 1e12 + 50, until: 1e12 + 60, kind: 'b' }),
    fault({ at: 1e12 + 10, until: 1e12 + 20, kind: 'a' }),
    fault({ at: 1e12 + 90, until: 1e12 + 500, kind: 'c' }),
  ]);
  const from = (accepted, settled) => faults.waitingFrom(1e12 + accepted, 1e12 + settled) - 1e12;
  expect(from(0, 5)).toBe(0);
  expect(from(0, 15)).toBe(15);
  expect(from(0, 40)).toBe(20);
  expect(from(30, 40)).toBe(30);
  expect(from(0, 80)).toBe(60);
  expect(from(0, 100)).toBe(100);
});

test('only a fault that may lose data explains a repetition, and only one told shortly before it', () => {
  const torn = new FaultList([fault({ at: 1e12, until: 1e12 + 100, kind: 'torn-file' })]);
  expect(torn.lossBetween(1e12 - 1_000, 1e12 + 5_000)).toBe(true);
  expect(torn.lossBetween(1e12 - 60_000, 1e12 + 5_000)).toBe(false);
  expect(torn.lossBetween(1e12 - 2_000, 1e12 - 1_000)).toBe(false);
  expect(torn.lossBetween(1e12 + 200, 1e12 + 300)).toBe(false);
  const killed = new FaultList([fault({ at: 1e12, until: 1e12 + 100, kind: 'SIGKILL' })]);
  expect(killed.lossBetween(1e12 - 1_000, 1e12 + 5_000)).toBe(false);
  const said = new FaultList([fault({ at: 1e12, kind: 'SIGKILL', losesData: true })]);
  expect(said.lossBetween(1e12 - 1_000, 1e12 + 5_000)).toBe(true);
});
