import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startRedis, type RedisServer } from '@onlyonce/testing';
import { Redis } from 'ioredis';
import { ServiceProcess } from '@onlyonce/service/test-support';

interface Message {
  readonly messageId: string;
  readonly state: string;
  readonly outcome?: string;
  readonly owner?: string;
  readonly attempt: number;
  readonly error?: string;
}

describe('inventory', () => {
  let redis: RedisServer;
  let inventory: ServiceProcess;
  let witness: Redis;

  beforeAll(async () => {
    redis = await startRedis();
    witness = new Redis(redis.url);
    inventory = await ServiceProcess.ready('inventory', {
      REDIS_URL: redis.url,
      POD_NAME: 'inventory-1',
      MAX_ATTEMPTS: '3',
      RETRY_BASE_DELAY_MS: '20',
      RETRY_MAX_DELAY_MS: '50',
    });
  });
  afterAll(async () => {
    witness.disconnect();
    await inventory.kill();
    await redis.stop();
  });

  const setStock = (id: string, quantity: number): Promise<Response> =>
    inventory.send('PUT', `/stock/${encodeURIComponent(id)}`, { quantity });
  const stockOf = async (id: string): Promise<unknown> =>
    ((await (await inventory.get(`/stock/${encodeURIComponent(id)}`)).json()) as { available: unknown })
      .available;
  const inbox = async (state: string, more = ''): Promise<{ messages: Message[]; cursor?: string }> =>
    (await (await inventory.get(`/inbox?state=${state}${more}`)).json()) as {
      messages: Message[];
      cursor?: string;
    };
  const inject = (orderId: string, items: readonly { id: string; quantity: number }[]): Promise<Response> =>
    inventory.send('POST', '/inbox', { orderId, items });
  const settled = (orderId: string): Promise<Message> =>
    eventually(
      async () => {
        const row = (await inbox('processed')).messages.find(({ messageId }) => messageId === orderId);
        if (!row) throw new Error(`${orderId} is not processed yet`);
        return row;
      },
      { withinMs: 10_000, everyMs: 25 },
    );

  describe('stock', () => {
    it('is set as often as you like, read one by one, and listed', async () => {
      for (let n = 0; n < 2; n += 1) {
        const answer = await setStock('sku/1 ü'.replace(' ', '-'), 7);
        expect(answer.status).toBe(200);
        expect(await answer.json()).toEqual({ id: 'sku/1-ü', available: 7 });
      }
      await setStock('__proto__', 0);
      expect(await stockOf('__proto__')).toBe(0);
      const { items } = (await (await inventory.get('/stock')).json()) as {
        items: { id: string; available: number }[];
      };
      expect(items).toEqual(
        expect.arrayContaining([
          { id: 'sku/1-ü', available: 7 },
          { id: '__proto__', available: 0 },
        ]),
      );
    });

    it('says in the log what was set, and what was there at that moment', async () => {
      await setStock('told', 5);
      await inject('took-told', [{ id: 'told', quantity: 2 }]);
      await settled('took-told');
      await setStock('told', 9);
      await eventually(
        () => {
          const sets = inventory.logged('stock.set').filter(({ item }) => item === 'told');
          expect(sets).toMatchObject([
            { quantity: 5, previous: null },
            { quantity: 9, previous: 3 },
          ]);
        },
        { withinMs: 10_000, everyMs: 25 },
      );
    });

    it('is listed in pages when there is much of it, each item on one page at least', async () => {
      const key = '{shop}:stock';
      const fields = Array.from({ length: 3_000 }, (_, n) => [`many-${n}`, '1']).flat();
      await witness.hset(key, ...fields);
      const seen = new Set<string>();
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = (await (
          await inventory.get(`/stock${cursor === undefined ? '' : `?cursor=${cursor}`}`)
        ).json()) as {
          items: { id: string }[];
          cursor?: string;
        };
        for (const { id } of page.items) seen.add(id);
        cursor = page.cursor;
        pages += 1;
      } while (cursor !== undefined);
      expect([...seen].filter((id) => id.startsWith('many-'))).toHaveLength(3_000);
      expect(pages).toBeGreaterThan(1);
      await witness.hdel(key, ...Array.from({ length: 3_000 }, (_, n) => `many-${n}`));
    });

    it.each([
      [{ quantity: -1 }],
      [{ quantity: 1_000_000_001 }],
      [{ quantity: 1.5 }],
      [{ quantity: '1' }],
      [{}],
      [{ quantity: 1, x: 1 }],
    ])('refuses %j: 400, naming the field', async (body) => {
      const answer = await inventory.send('PUT', '/stock/a', body);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      const problem = (await answer.json()) as { errors: { field: string }[] };
      expect(problem.errors[0]?.field).toBe('x' in body ? 'x' : 'quantity');
    });

    it('answers an unknown item with 404', async () => {
      const answer = await inventory.get('/stock/never-set');
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    });
  });

  describe('reserving', () => {
    it('takes the units of all items of an order', async () => {
      await Promise.all([setStock('a', 10), setStock('b', 10)]);
      await inject('takes', [
        { id: 'a', quantity: 3 },
        { id: 'b', quantity: 4 },
      ]);
      expect(await settled('takes')).toMatchObject({
        state: 'processed',
        outcome: 'confirmed',
        owner: 'inventory-1',
        attempt: 1,
      });
      expect([await stockOf('a'), await stockOf('b')]).toEqual([7, 6]);
    });

    it('takes nothing at all when one item is short, or unknown', async () => {
      await Promise.all([setStock('c', 5), setStock('d', 1)]);
      await inject('short', [
        { id: 'c', quantity: 5 },
        { id: 'd', quantity: 2 },
      ]);
      await inject('unknown', [
        { id: 'c', quantity: 5 },
        { id: 'not-there', quantity: 1 },
      ]);
      expect(await settled('short')).toMatchObject({ outcome: 'rejected' });
      expect(await settled('unknown')).toMatchObject({ outcome: 'rejected' });
      expect([await stockOf('c'), await stockOf('d')]).toEqual([5, 1]);
      await eventually(() => {
        expect(inventory.logged('message.rejected', 'short')[0]).toMatchObject({ reason: 'OUT_OF_STOCK: d' });
        expect(inventory.logged('message.rejected', 'unknown')[0]).toMatchObject({
          reason: 'UNKNOWN_ITEM: not-there',
        });
      });
    });

    it('counts an item that stands twice as one of the sum', async () => {
      await setStock('e', 6);
      await inject('twice-5', [
        { id: 'e', quantity: 5 },
        { id: 'e', quantity: 5 },
      ]);
      expect(await settled('twice-5')).toMatchObject({ outcome: 'rejected' });
      expect(await stockOf('e')).toBe(6);
    });

    it('sells the last units once, however many want them at the same moment', async () => {
      await setStock('last', 10);
      await Promise.all(
        Array.from({ length: 40 }, (_, n) => inject(`last-${n}`, [{ id: 'last', quantity: 1 }])),
      );
      for (let n = 0; n < 40; n += 1) await settled(`last-${n}`);
      const { messages } = await inbox('processed', '&limit=500');
      const ofMine = messages.filter(({ messageId }) => messageId.startsWith('last-'));
      expect(ofMine.filter(({ outcome }) => outcome === 'confirmed')).toHaveLength(10);
      expect(await stockOf('last')).toBe(0);
    });

    it('takes effect once for a message that is injected again', async () => {
      await setStock('once', 10);
      for (let n = 0; n < 3; n += 1) {
        const answer = await inject('same-message', [{ id: 'once', quantity: 2 }]);
        expect(answer.status).toBe(202);
        expect(await answer.json()).toEqual({
          messageId: 'same-message',
          ...(n > 0 ? { duplicate: true } : {}),
        });
        await settled('same-message');
      }
      expect((await inject('same-message', [{ id: 'once', quantity: 3 }])).status).toBe(409);
      // Accepted here, so said here: without it an effect of it would come from nowhere.
      await eventually(
        () => {
          expect(inventory.logged('message.duplicate', 'same-message')).toHaveLength(2);
          expect(inventory.logged('order.accepted', 'same-message')).toHaveLength(1);
        },
        { withinMs: 10_000, everyMs: 25 },
      );
      expect(await stockOf('once')).toBe(8);
    });
  });

  describe('dead letters', () => {
    it('come of what fails every time, are listed with their error, and work once sent back', async () => {
      await witness.hset('{shop}:stock', 'broken', 'no integer');
      expect(await stockOf('broken')).toBeNull();
      await inject('poison', [{ id: 'broken', quantity: 1 }]);
      await inject('neighbour', [{ id: 'a', quantity: 1 }]);
      expect(await settled('neighbour')).toMatchObject({ outcome: 'confirmed' });
      const dead = await eventually(
        async () => {
          const row = (await inbox('dead')).messages.find(({ messageId }) => messageId === 'poison');
          if (!row) throw new Error('not dead yet');
          return row;
        },
        { withinMs: 15_000, everyMs: 25 },
      );
      expect(dead).toMatchObject({ state: 'dead', attempt: 3 });
      expect(dead.error).toContain('RETRYABLE_FAILURE');
      expect(inventory.logged('message.retry', 'poison')).toHaveLength(2);

      await setStock('broken', 4);
      const answer = await inventory.get('/inbox/poison/redrive', { method: 'POST' });
      expect(answer.status).toBe(202);
      expect(await answer.json()).toEqual({ messageId: 'poison' });
      expect(await settled('poison')).toMatchObject({ outcome: 'confirmed' });
      expect(await stockOf('broken')).toBe(3);
      expect((await inbox('dead')).messages).toEqual([]);
    });

    it('come of messages that fit no schema, at once', async () => {
      await inject('fits', [{ id: 'a', quantity: 1 }]);
      expect((await inventory.get('/inbox/fits/redrive', { method: 'POST' })).status).toBe(404);
      expect((await inventory.get('/inbox/nobody/redrive', { method: 'POST' })).status).toBe(404);
    });
  });

  it.each(['state=lost', 'limit=0', 'limit=501', 'limit=x'])('refuses GET /inbox?%s: 400', async (query) => {
    const answer = await inventory.get(`/inbox?${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ field: query.split('=')[0] }] });
  });

  it('pages through the inbox', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await inbox(
        'processed',
        `&limit=10${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      seen.push(...page.messages.map(({ messageId }) => messageId));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(['takes', 'short', 'poison']));
  });
});
