import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HELM } from './support/helm.mjs';

const run = promisify(execFile);

// Shops that are broken in one way each: the real ones cannot be made to be.
describe('the helm test finds', () => {
  const servers = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** A shop that answers as ours does, except for what is given. */
  async function shop({ stock = 8, status = 'CONFIRMED', duplicates = true, key } = {}) {
    const known = new Set();
    const server = createServer((request, response) => {
      const answer = (code, body) => response.writeHead(code).end(JSON.stringify(body));
      if (key && request.method !== 'GET' && request.headers['x-api-key'] !== key) return answer(401, {});
      if (request.url === '/guarantee') return answer(200, { acceptance: 'durable' });
      if (request.url.startsWith('/stock/')) return answer(200, { available: stock });
      if (request.method !== 'POST') return answer(200, { status, processedBy: 'inventory-0' });
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        const { orderId } = JSON.parse(body);
        answer(202, { orderId, ...(duplicates && known.has(orderId) ? { duplicate: true } : {}) });
        known.add(orderId);
      });
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${server.address().port}`;
  }

  const helmTest = (url, more = {}) =>
    run(process.execPath, [join(HELM, 'onlyonce/files/place-order.mjs')], {
      env: { ORDER_URL: url, INVENTORY_URL: url, TIMEOUT_SECONDS: '1', ...more },
    });

  it('nothing where all is well', async () => {
    expect((await helmTest(await shop())).stdout).toContain('PROVED');
  });

  it.each([
    ['an order that took effect twice', { stock: 6 }, /stock left: expected 8, found 6/],
    ['an order that took no effect', { stock: 10 }, /stock left: expected 8, found 10/],
    ['an order that was rejected', { status: 'REJECTED' }, /expected CONFIRMED, found REJECTED/],
    ['an order that nobody settles', { status: 'PENDING' }, /the order is settled: not within 1 s/],
    [
      'a repeated order that is not known again',
      { duplicates: false },
      /not taken for duplicates: expected 1, found 3/,
    ],
  ])('%s', async (_, broken, said) => {
    await expect(helmTest(await shop(broken))).rejects.toMatchObject({ stderr: expect.stringMatching(said) });
  });

  it('its way with a key, where one is asked for', async () => {
    const url = await shop({ key: 'secret' });
    expect((await helmTest(url, { API_KEY: 'secret', ADMIN_API_KEY: 'secret' })).stdout).toContain('PROVED');
    await expect(helmTest(url)).rejects.toMatchObject({ stderr: expect.stringContaining('401') });
  });
});
