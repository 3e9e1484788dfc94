// What `helm test` runs, in the order image: places one order three times at once and once more when it is settled,
// and sees that stock moved once. Leaves one stock item behind, `helm-test`.
// @ts-check
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const { ORDER_URL, INVENTORY_URL, API_KEY, ADMIN_API_KEY, TIMEOUT_SECONDS = '60' } = process.env;
const ITEM = 'helm-test';
const BEFORE = 10;
const ORDERED = 2;
const giveUpAt = Date.now() + Number(TIMEOUT_SECONDS) * 1_000;

/**
 * @param {string} url
 * @param {{ method?: string, body?: unknown, key?: string | undefined }} [request]
 */
async function call(url, { method = 'GET', body, key } = {}) {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...(key ? { 'x-api-key': key } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/**
 * Tries until `step` does not throw; with what it threw when the time is up.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} step
 * @returns {Promise<T>}
 */
async function eventually(what, step) {
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (Date.now() > giveUpAt)
        throw new Error(`${what}: not within ${TIMEOUT_SECONDS} s`, { cause: error });
      await sleep(500);
    }
  }
}

/** @param {string} expected @param {unknown} found @param {string} what */
function expectSame(what, expected, found) {
  if (String(found) !== expected) throw new Error(`${what}: expected ${expected}, found ${found}`);
  console.log(`ok  ${what}: ${expected}`);
}

const available = async () =>
  (await call(`${INVENTORY_URL}/stock/${ITEM}`, { key: ADMIN_API_KEY })).available;

await eventually('order is ready', () => call(`${ORDER_URL}/health/ready`));
await eventually('inventory is ready', () => call(`${INVENTORY_URL}/health/ready`));
const { acceptance } = await call(`${ORDER_URL}/guarantee`);
console.log(`ok  accepted orders: ${acceptance}`);

await call(`${INVENTORY_URL}/stock/${ITEM}`, {
  method: 'PUT',
  body: { quantity: BEFORE },
  key: ADMIN_API_KEY,
});
const order = { orderId: `helm-test-${randomUUID()}`, items: [{ id: ITEM, quantity: ORDERED }] };
const place = () => call(`${ORDER_URL}/orders`, { method: 'POST', body: order, key: API_KEY });

const answers = await Promise.all([place(), place(), place()]);
expectSame(
  'answers of three that were not taken for duplicates',
  '1',
  answers.filter(({ duplicate }) => !duplicate).length,
);
const settled = await eventually('the order is settled', async () => {
  const found = await call(`${ORDER_URL}/orders/${order.orderId}?wait=5s`);
  if (found.status === 'PENDING') throw new Error('still PENDING');
  return found;
});
expectSame('status of the order', 'CONFIRMED', settled.status);
expectSame('the same order again is a duplicate', 'true', (await place()).duplicate);
expectSame('stock left', String(BEFORE - ORDERED), await available());
console.log(`PROVED: order ${order.orderId} took effect once (by ${settled.processedBy})`);
