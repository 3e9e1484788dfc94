import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LogBook } from './testing/log-book.mjs';
import { matches } from './testing/matches-schema.mjs';

const MAIN = join(import.meta.dirname, 'main.mjs');
const run = promisify(execFile);

let folder;
let book;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'onlyonce-main-spec-'));
  book = new LogBook();
  for (let index = 0; index < 10; index += 1) book.healthy(`ok-${index}`);
  book.files.forEach((text, index) => writeFileSync(join(folder, `pod-${index}.jsonl`), text));
  book.healthy('<script>alert(1)</script>');
  book.processed(
    'inventory-2',
    '<script>alert(1)</script>',
    book.won('inventory-2', '<script>alert(1)</script>'),
  );
  writeFileSync(join(folder, 'bad.jsonl'), book.files.join(''));
});
afterAll(() => rmSync(folder, { recursive: true }));

const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, NODE_OPTIONS: '' };
const verifier = async (...args) => {
  try {
    const { stdout, stderr } = await run(process.execPath, [MAIN, ...args], { cwd: folder, env });
    return { code: 0, stdout, stderr };
  } catch ({ code, stdout, stderr }) {
    return { code, stdout, stderr };
  }
};
const piped = (text, ...args) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: folder,
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.on('close', (code) => resolve({ code, stdout }));
    child.stdin.end(text);
  });
const certificate = () => JSON.parse(readFileSync(join(folder, 'certificate.json'), 'utf8'));
const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'certificate.schema.json'), 'utf8'));

describe('exit codes', () => {
  test('0 when proved; a glob that the shell did not resolve will do', async () => {
    const { code, stdout, stderr } = await verifier('pod-*.jsonl');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('PROVED: 20 settled once per group, 0 lost, 0 duplicated');
  });

  test('1 with the ids and the lines of what is wrong', async () => {
    const { code, stdout } = await verifier('bad.jsonl');
    expect(code).toBe(1);
    expect(stdout).toContain('NOT PROVED: 1 duplicated');
    expect(stdout).toContain(
      'duplicated <script>alert(1)</script> (inventory): took effect 2 times in 2 pods',
    );
    expect(stdout.match(/^ {4}\{.*message\.processed/gm)).toHaveLength(2);
  });

  test.each([
    [[], 'give log files'],
    [['nowhere.jsonl'], 'nowhere.jsonl: no such file'],
    [['pod-0.jsonl', '--max-wait', 'soon'], '--max-wait soon'],
    [['pod-0.jsonl', '--order-url', 'nope'], '--order-url nope'],
    [['pod-0.jsonl', '--wrong'], "Unknown option '--wrong'"],
    [['--datadog', 'x'], 'DD_API_KEY'],
    [['pod-0.jsonl', '--start-stock', 'pod-0.jsonl', '--end-stock', 'pod-0.jsonl'], '--start-stock'],
    [['pod-0.jsonl', '--faults', 'bad.jsonl'], '--faults bad.jsonl'],
    [['pod-0.jsonl', '--accepted', 'missing.txt'], 'missing.txt'],
  ])('2 for %j', async (args, reason) => {
    const { code, stderr } = await verifier(...args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(reason) });
  });

  test('1 when a store that should be asked is away', async () => {
    const { code, stderr } = await verifier('pod-*.jsonl', '--redis-url', 'redis://127.0.0.1:1');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('ECONNREFUSED') });
  });

  test('every fault of the command line is told at once', async () => {
    const { stderr } = await verifier('--max-wait', 'x', '--ask', 'y');
    expect(stderr).toMatch(/--max-wait[^]*--ask[^]*give log files/);
  });
});

describe('standard input', () => {
  const compose = (names) =>
    names
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
      .map((line) => `inventory-1  | ${line}`)
      .join('\n');

  test('takes docker compose logs', async () => {
    const { code } = await piped(compose(['pod-0.jsonl', 'pod-1.jsonl', 'pod-2.jsonl', 'pod-3.jsonl']), '-');
    expect(code).toBe(0);
    expect(certificate().sources).toMatchObject([{ name: 'standard input', facts: 110 }]);
  });

  test('shows the lines of a violation although it can be read only once, and leaves nothing behind', async () => {
    const left = () => readdirSync(tmpdir()).filter((name) => /^onlyonce-verify-[A-Za-z0-9]{6}$/.test(name));
    const before = left();
    const { code, stdout } = await piped(compose(['bad.jsonl']), '-');
    expect(code).toBe(1);
    expect(stdout).toContain('inventory-1  | {');
    expect(left()).toEqual(before);
  });
});

test('Datadog is asked at DD_SITE, with the keys of the environment', async () => {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.headers['dd-api-key']);
    request.resume();
    const data = book.files[0]
      .trim()
      .split('\n')
      .filter((line) => line.includes('order.accepted'))
      .map((line, index) => ({ id: `${index}`, attributes: { attributes: JSON.parse(line) } }));
    response.end(JSON.stringify({ data, meta: {} }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(env, {
    DD_API_KEY: 'key',
    DD_APP_KEY: 'app',
    DD_SITE: `http://127.0.0.1:${server.address().port}`,
  });
  const { code, stdout } = await verifier('--datadog', 'service:order');
  for (const name of ['DD_API_KEY', 'DD_APP_KEY', 'DD_SITE']) delete env[name];
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect({ code, asked }).toEqual({ code: 1, asked: ['key'] });
  expect(stdout).toContain('11 lost');
});

describe('what it leaves', () => {
  test.each(['pod-*.jsonl', 'bad.jsonl'])('the certificate of %s is as its schema says', async (files) => {
    await verifier(files);
    expect(matches(schema, certificate())).toEqual([]);
  });

  test('the schema would notice a field that is missing, unknown or of another type', async () => {
    await verifier('pod-*.jsonl');
    const { verdict: _verdict, ...without } = certificate();
    expect(matches(schema, without)).toEqual(['.verdict is missing']);
    expect(matches(schema, { ...certificate(), more: 1 })).toEqual(['.more is unknown']);
    expect(matches(schema, { ...certificate(), groups: 1 })).toEqual(['.groups is no array']);
  });

  test('the report is one file that loads nothing and runs nothing', async () => {
    await verifier('bad.jsonl');
    const html = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(html).not.toMatch(/<script|src=|href=|url\(|@import/);
    expect(html.match(/<svg/g)?.length).toBeGreaterThanOrEqual(4);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    expect(html).toContain('&lt;script&gt;alert(1)');
  });

  test('--quiet says nothing, --out says where to', async () => {
    const { code, stdout, stderr } = await verifier('pod-*.jsonl', '--quiet', '--out', 'deep/er');
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readdirSync(join(folder, 'deep/er')).sort()).toEqual(['certificate.json', 'report.html']);
  });
});

test('it runs on its own, away from everything that it judges', async () => {
  const alone = join(folder, 'alone');
  cpSync(import.meta.dirname, alone, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const { stdout } = await run(process.execPath, [join(alone, 'main.mjs'), '--version'], {
    cwd: folder,
    env,
  });
  expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
});
