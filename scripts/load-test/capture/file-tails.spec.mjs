import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FileTails } from './file-tails.mjs';

let folder;
const file = (name) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onlyonce-tails-'));
  writeFileSync(file('a.jsonl'), 'old\n');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('what is written from now on is read, each line once, half lines when they are whole', () => {
  const tails = new FileTails([file('*.jsonl')]);
  expect([...tails.news()]).toEqual([]);
  appendFileSync(file('a.jsonl'), 'one\ntw');
  expect([...tails.news()]).toEqual(['one']);
  appendFileSync(file('a.jsonl'), 'o ☃\n');
  expect([...tails.news()]).toEqual(['two ☃']);
  appendFileSync(file('a.jsonl'), 'cut');
  expect([...tails.news()]).toEqual([]);
  expect([...tails.rests()]).toEqual(['cut']);
});

test('a file that appears later, and one that is begun anew, are read from their beginning', () => {
  const tails = new FileTails([file('*.jsonl')]);
  writeFileSync(file('b.jsonl'), 'of b\n');
  writeFileSync(file('a.jsonl'), 'x\n');
  expect([...tails.news()].sort()).toEqual(['of b', 'x']);
});

test('from the beginning, where that is asked for', () => {
  expect([...new FileTails([file('*.jsonl')], { fromBeginning: true }).news()]).toEqual(['old']);
});
