import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { judged } from '../testing/judged.mjs';
import { LogBook } from '../testing/log-book.mjs';
import { datadogSource } from './datadog-source.mjs';

/** A stand-in for Datadog: pages of the events it was given, with the answers it was told to give first. */
class StandIn {
  requests = [];
  troubles = [];
  events = [];
  pageSize = 7;

  async start() {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => this.#answer(request, JSON.parse(body), response));
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
  }

  #answer({ method, url, headers }, body, response) {
    this.requests.push({ method, url, headers, body });
    const trouble = this.troubles.shift();
    if (trouble) {
      response.writeHead(trouble.status, trouble.headers ?? {}).end('{"errors":["trouble"]}');
      return;
    }
    const from = Number(body.page.cursor ?? 0);
    const data = this.events.slice(from, from + this.pageSize);
    const next = from + this.pageSize - (this.overlap ?? 0);
    const meta = next < this.events.length ? { page: { after: String(next) } } : {};
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data, meta }));
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** @type {StandIn} */
let datadog;
let book;
let waits;
beforeEach(async () => {
  datadog = new StandIn();
  await datadog.start();
  waits = [];
  book = new LogBook();
  for (let index = 0; index < 8; index += 1) book.healthy(`ok-${index}`);
  datadog.events = book.files.flatMap((text) => text.trim().split('\n')).map(asEvent);
});
afterEach(() => datadog.stop());

/** As Datadog returns it: the reserved attributes outside, all others inside. */
function asEvent(line, index) {
  const { level, time, service, msg, ...attributes } = JSON.parse(line);
  return {
    id: `id-${index}`,
    type: 'log',
    attributes: { status: level, timestamp: time, service, message: msg, attributes },
  };
}

const source = () =>
  datadogSource(
    {
      query: 'service:(order OR inventory)',
      from: 'now-1h',
      to: 'now',
      apiKey: 'k',
      appKey: 'a',
      site: datadog.url,
    },
    { wait: async (ms) => void waits.push(ms) },
  );

async function read() {
  const chunks = [];
  for await (const chunk of source().open()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('all pages are read by cursor, and the history is proved', async () => {
  const { found, certificate } = await judged([await read()]);
  expect(found).toEqual({});
  expect(certificate.groups[0]).toMatchObject({ accepted: 8, processed: 8 });
  expect(datadog.requests).toHaveLength(Math.ceil(datadog.events.length / datadog.pageSize));
});

test('it asks with the keys, oldest first', async () => {
  await read();
  expect(datadog.requests[0]).toMatchObject({
    method: 'POST',
    url: '/api/v2/logs/events/search',
    headers: { 'dd-api-key': 'k', 'dd-application-key': 'a' },
    body: { filter: { query: 'service:(order OR inventory)', from: 'now-1h', to: 'now' }, sort: 'timestamp' },
  });
});

test('a violation is found through it', async () => {
  const effect = datadog.events.find(({ attributes }) => attributes.attributes.event === 'message.processed');
  datadog.events.push(
    asEvent(
      JSON.stringify({ ...effect.attributes.attributes, time: '2026-11-21T03:00:00.000Z', service: 'x' }),
      999,
    ),
  );
  expect((await judged([await read()])).found).toEqual({ duplicated: 1 });
});

test('at the rate limit it waits as long as it is told, and goes on', async () => {
  datadog.troubles = [
    { status: 429, headers: { 'x-ratelimit-reset': '7' } },
    { status: 429, headers: { 'x-ratelimit-reset': '2' } },
  ];
  expect((await judged([await read()])).found).toEqual({});
  expect(waits).toEqual([7_000, 2_000]);
});

test('a passing fault is waited for, a refusal is told', async () => {
  datadog.troubles = [{ status: 503 }];
  expect((await judged([await read()])).found).toEqual({});
  datadog.troubles = [{ status: 403 }];
  await expect(read()).rejects.toThrow('Datadog cannot be asked: 403');
});

test('an event that is on two pages counts once', async () => {
  datadog.overlap = 2;
  const { found, certificate } = await judged([await read()], { args: ['--strict-lines'] });
  expect(found).toEqual({});
  expect(certificate.lines.read).toBe(datadog.events.length);
});
