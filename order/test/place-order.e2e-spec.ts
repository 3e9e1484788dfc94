import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventually, startRedis, type RedisServer } from '@onlyonce/testing';
import { ServiceProcess } from '@onlyonce/service/test-support';

interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly orderId?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

describe('POST /orders', () => {
  let redis: RedisServer;
  let order: ServiceProcess;
  const items = [{ id: 'sku-1', quantity: 2 }];

  beforeAll(async () => {
    redis = await startRedis();
    order = await ServiceProcess.ready('order', { REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await order.kill();
    await redis.stop();
  });

  const place = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    order.send('POST', '/orders', body, headers);

  const problemOf = async (answer: Response): Promise<Problem> => {
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const problem = (await answer.json()) as Problem;
    expect(problem).toMatchObject({
      type: expect.any(String),
      title: expect.any(String),
      status: answer.status,
    });
    expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.js:\d/);
    return problem;
  };
  const faultyFields = async (answer: Response): Promise<string[]> => {
    expect(answer.status).toBe(400);
    return ((await problemOf(answer)).errors ?? []).map(({ field }) => field);
  };

  it('accepts an order: 202, where it is, and PENDING', async () => {
    const answer = await place({ orderId: 'first', items });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe('/orders/first');
    expect(await answer.json()).toEqual({ orderId: 'first', status: 'PENDING' });
    await eventually(() => {
      expect(order.logged('order.accepted', 'first')).toHaveLength(1);
    });
    const found = await order.get('/orders/first');
    expect(found.status).toBe(200);
    expect(await found.json()).toEqual({
      orderId: 'first',
      status: 'PENDING',
      processedBy: null,
      processedAt: null,
      attempts: 0,
    });
  });

  it('takes the same order again as a duplicate, in whatever sequence and however split its items are written', async () => {
    const orderId = 'again';
    await place({
      orderId,
      items: [
        { id: 'b', quantity: 2 },
        { id: 'a', quantity: 3 },
      ],
    });
    for (const same of [
      [
        { id: 'b', quantity: 2 },
        { id: 'a', quantity: 3 },
      ],
      [
        { id: 'a', quantity: 3 },
        { id: 'b', quantity: 2 },
      ],
      [
        { id: 'a', quantity: 1 },
        { id: 'b', quantity: 2 },
        { id: 'a', quantity: 2 },
      ],
    ]) {
      const answer = await place({ items: same, orderId });
      expect(answer.status).toBe(202);
      expect(await answer.json()).toEqual({ orderId, status: 'PENDING', duplicate: true });
    }
    await eventually(() => {
      expect(order.logged('message.duplicate', orderId)).toHaveLength(3);
    });
    expect(order.logged('order.accepted', orderId)).toHaveLength(1);
  });

  it('accepts an order once, however many send it at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => place({ orderId: 'rush', items })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { duplicate?: boolean }[];
    expect(bodies.filter(({ duplicate }) => duplicate !== true)).toHaveLength(1);
  });

  it('refuses another order under the same id: 409', async () => {
    await place({ orderId: 'taken', items });
    const answer = await place({ orderId: 'taken', items: [{ id: 'sku-1', quantity: 3 }] });
    expect(answer.status).toBe(409);
    expect(await problemOf(answer)).toMatchObject({ orderId: 'taken' });
  });

  it('makes a UUIDv7 for an order without id', async () => {
    const { orderId } = (await (await place({ items })).json()) as { orderId: string };
    expect(orderId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('takes an Idempotency-Key for the id: the same key is the same order', async () => {
    const headers = { 'idempotency-key': 'client-key-1' };
    const first = (await (await place({ items }, headers)).json()) as { orderId: string };
    const second = (await (await place({ items }, headers)).json()) as {
      orderId: string;
      duplicate?: boolean;
    };
    expect(second).toEqual({ orderId: first.orderId, status: 'PENDING', duplicate: true });
    expect((await place({ items: [{ id: 'x', quantity: 9 }] }, headers)).status).toBe(409);
    expect((await place({ orderId: 'other-id', items }, headers)).status).toBe(409);
    expect((await order.get('/orders/other-id')).status).toBe(404);
  });

  it('ties an Idempotency-Key to the order id that came with it', async () => {
    const headers = { 'idempotency-key': 'client-key-2' };
    expect((await place({ orderId: 'tied', items }, headers)).status).toBe(202);
    expect((await place({ orderId: 'tied', items }, headers)).status).toBe(202);
    const other = await place({ orderId: 'not-tied', items }, headers);
    expect(other.status).toBe(409);
    expect(await problemOf(other)).toMatchObject({ errors: [{ field: 'Idempotency-Key' }] });
    expect((await place({ items }, headers)).status).toBe(409);
  });

  it('names every wrong field at once, body and header', async () => {
    const body = {
      orderId: 'a b',
      items: [{ id: '', quantity: 0 }, { id: 'x', quantity: '1' }, { id: 'y' }],
      colour: 'red',
    };
    const fields = await faultyFields(await place(body, { 'idempotency-key': 'a key' }));
    expect(new Set(fields)).toEqual(
      new Set([
        'orderId',
        'items.0.id',
        'items.0.quantity',
        'items.1.quantity',
        'items.2.quantity',
        'colour',
        'Idempotency-Key',
      ]),
    );
  });

  it.each<[string, unknown, string]>([
    ['no items', { items: [] }, 'items'],
    ['101 items', { items: Array.from({ length: 101 }, (_, n) => ({ id: `i${n}`, quantity: 1 })) }, 'items'],
    ['no body at all', 'null', 'body'],
    ['a list', '[]', 'body'],
    ['a number for an id', { orderId: 5, items: [{ id: 'a', quantity: 1 }] }, 'orderId'],
    ['an id of 129 characters', { orderId: 'x'.repeat(129), items: [{ id: 'a', quantity: 1 }] }, 'orderId'],
    ['a fraction', { items: [{ id: 'a', quantity: 1.5 }] }, 'items.0.quantity'],
    ['too many units', { items: [{ id: 'a', quantity: 1_000_001 }] }, 'items.0.quantity'],
    [
      'too many units in all',
      {
        items: [
          { id: 'a', quantity: 1_000_000 },
          { id: 'a', quantity: 1 },
        ],
      },
      'items',
    ],
    ['an unknown field of an item', { items: [{ id: 'a', quantity: 1, price: 1 }] }, 'items.0.price'],
    ['deep nesting', `{"items":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'items.0'],
  ])('refuses %s: 400', async (_, body, field) => {
    expect(await faultyFields(await place(body))).toContain(field);
  });

  it.each([['{"items":[{"id":"a","quantity":1}],"__proto__":{"x":1}}'], ['{"items":'], ['']])(
    'refuses a body it cannot read: 400 for %j',
    async (body) => {
      const answer = await place(body);
      expect(answer.status).toBe(400);
      await problemOf(answer);
    },
  );

  it.each(['Größe', '#1/2?&=%', '__proto__', 'constructor', 'a:b:c', '{x}', 'x'.repeat(128)])(
    'takes the order id %s, and finds it where Location says',
    async (orderId) => {
      const answer = await place({ orderId, items: [{ id: orderId, quantity: 1 }] });
      expect(answer.status).toBe(202);
      const found = await order.get(answer.headers.get('location') ?? '');
      expect(await found.json()).toMatchObject({ orderId, status: 'PENDING' });
    },
  );

  it('refuses an id whose time is outside the horizon, and names it', async () => {
    const old = '01000000-0000-7000-8000-000000000000';
    const future = 'f0000000-0000-7000-8000-000000000000';
    for (const orderId of [old, future])
      expect(await faultyFields(await place({ orderId, items }))).toEqual(['orderId']);
  });

  it('takes JSON only: 415 for everything else', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const answer = await place('items=1', { 'content-type': type });
      expect(answer.status).toBe(415);
      await problemOf(answer);
    }
  });

  it('refuses a body over 256 KiB: 413', async () => {
    const answer = await place({ orderId: 'x'.repeat(256 * 1_024), items });
    expect(answer.status).toBe(413);
    await problemOf(answer);
  });

  it('answers unknown routes and orders with 404, and a broken path with 400', async () => {
    for (const path of ['/', '/nothing', '/orders', '/orders/unknown']) {
      const answer = await order.get(path);
      expect(answer.status).toBe(404);
      await problemOf(answer);
    }
    const broken = await order.get('/orders/%ZZ');
    expect(broken.status).toBe(400);
    await problemOf(broken);
  });

  it('answers what is no HTTP with a problem, too', async () => {
    const { hostname, port } = new URL(order.url);
    const reply = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port) });
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      socket.on('error', reject);
      socket.on('close', () => {
        resolve(text);
      });
      socket.write('NOT HTTP AT ALL\r\n\r\n');
    });
    expect(reply).toMatch(/^HTTP\/1\.1 400 /);
    expect(reply).toContain('application/problem+json');
  });

  it.each(['5', '5m', 's', '-1s', '31s', '30001ms', '1e3s', '5s&wait=5s'])(
    'refuses wait=%s: 400',
    async (wait) => {
      expect(await faultyFields(await order.get(`/orders/first?wait=${wait}`))).toEqual(['wait']);
    },
  );

  it('survives whatever is sent: no answer is a fault of ours', async () => {
    const id = fc.oneof(
      fc.string(),
      fc.constantFrom('a', '__proto__', 'constructor', '', ' '),
      fc.anything(),
    );
    const item = fc.oneof(
      fc.record({ id, quantity: fc.oneof(fc.integer(), fc.double(), fc.anything()) }),
      fc.anything(),
    );
    const body = fc.oneof(
      fc.record({ orderId: id, items: fc.oneof(fc.array(item), fc.anything()) }, { requiredKeys: [] }),
      fc.jsonValue(),
    );
    const text = fc.oneof(
      body.map((value) => (JSON.stringify(value) as string | undefined) ?? ''),
      fc.string(),
    );
    const key = fc.option(
      fc.string({ unit: 'grapheme-ascii', maxLength: 200 }).map((given) => given.trim()),
      { nil: undefined },
    );
    await fc.assert(
      fc.asyncProperty(text, key, async (sent, idempotencyKey) => {
        const answer = await place(
          sent,
          idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
        );
        expect([202, 400, 409]).toContain(answer.status);
        if (answer.status !== 202) await problemOf(answer);
      }),
      { numRuns: 300 },
    );
  });

  it('tells how it is: health, metrics, guarantee', async () => {
    expect((await order.get('/health/live')).status).toBe(200);
    expect(await (await order.get('/metrics')).text()).toContain('onlyonce_');
    expect(await (await order.get('/guarantee')).json()).toMatchObject({ effects: 'exactly-once' });
  });

  it('describes itself at /docs and /docs-json', async () => {
    expect((await order.get('/docs')).headers.get('content-type')).toContain('text/html');
    const described = (await (await order.get('/docs-json')).json()) as { paths: Record<string, unknown> };
    expect(Object.keys(described.paths)).toEqual(
      expect.arrayContaining(['/orders', '/orders/{id}', '/health/ready', '/metrics']),
    );
    expect(JSON.stringify(described)).toContain('"maximum":1000000');
  });
});
