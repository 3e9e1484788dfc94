// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { ShopClient } from '../demo/shop-client.mjs';
import { waitFor } from '../local/wait-for.mjs';
import { Books } from './books.mjs';
import { effectLines } from './log-lines.mjs';
import { OrderStream } from './order-stream.mjs';

/** What the header of docker-compose.yml says to set. */
export const SENTINEL_SETTINGS = {
  COMPOSE_PROFILES: 'sentinel',
  REDIS_URL: 'redis+sentinel://sentinel-1,sentinel-2,sentinel-3/shop',
  DURABILITY: 'replicated',
  WAIT_REPLICAS: '2',
};

const SENTINELS = ['sentinel-1', 'sentinel-2', 'sentinel-3'];
const PER_SECOND = 50;
const LEAST_ORDERS = 200;
const MOST_ORDERS = 3_000;
const WARM_UP_MS = 1_000;
const within = { deadlineMs: 90_000, everyMs: 250 };

/**
 * Kills the primary under load, and later stops everything and starts it again: no accepted order may be lost or take
 * effect twice, and the old primary must not come back as one.
 * @param {import('./compose-project.mjs').ComposeProject} project its images are built
 * @param {(text: string) => void} say
 * @returns {Promise<import('./campaign.mjs').Outcome>}
 */
export async function runSentinelCampaign(project, say) {
  await project.up(3);
  const client = await clientOf();
  const guarantee = /** @type {{ acceptance?: string }} */ (
    await (await fetch(`${client.orderUrl}/guarantee`)).json()
  );
  const faults = guarantee.acceptance === 'replicated' ? [] : [`acceptance is ${guarantee.acceptance}`];
  const books = new Books(client, MOST_ORDERS);
  await books.open();
  say(
    'Redis, two replicas, three sentinels, order and 3 replicas of inventory are healthy. Orders are coming in.',
  );

  const stream = new OrderStream({
    client,
    orders: books.orders,
    perSecond: PER_SECOND,
    atLeast: LEAST_ORDERS,
  });
  const sending = stream.run();
  // Looked at below: until then nobody must think it unhandled.
  sending.catch(() => undefined);
  const { promoted, failoverMs } = await strike().finally(() => stream.stop());
  await sending;
  say(`${stream.sent.length} orders accepted, ${stream.triedAgain} calls repeated.`);
  await books.allSettled(stream.sent);
  const verdict = await books.judged(stream.sent);
  faults.push(...verdict.faults);
  say('Every order is settled.');

  const { lines } = await project.logs('order', 'inventory');
  const twice = [...effectLines(lines)].filter(([, count]) => count > 1).map(([id]) => id);
  // An effect that the old primary had alone is gone with it, and done again: two lines, one effect in the stock.
  const lost = lines.filter(({ event }) => event === 'message.dead').length;
  if (lost > 0) faults.push(`${lost} messages became dead letters`);

  await project.stop();
  await project.up(3);
  // Ports of replicas may be others now.
  books.client = await clientOf();
  const again = await agreedPrimary();
  if (again !== promoted) faults.push(`after a restart of all, ${again} is primary, not ${promoted}`);
  const after = await waitFor(
    'the books after a restart of all',
    () => books.judged(stream.sent).catch(() => undefined),
    within,
  );
  faults.push(...after.faults.map((fault) => `after a restart of all: ${fault}`));
  say(`After a restart of all, ${again} is still primary, and stock the same.`);
  return {
    verdict,
    orders: stream.sent.length,
    faults,
    notes: [
      `redis was killed; ${promoted} was primary ${(failoverMs / 1_000).toFixed(1)} s later`,
      `${twice.length} orders have a second line of their effect, from the history that went with the old primary`,
    ],
  };

  async function strike() {
    await sleep(WARM_UP_MS);
    const { name } = await project.container('redis');
    await project.docker(['kill', name]);
    const began = performance.now();
    const promoted = await waitFor(
      'a new primary',
      async () => {
        const primary = await agreedPrimary();
        return primary === 'redis' ? undefined : primary;
      },
      within,
    );
    const failoverMs = performance.now() - began;
    say(`redis was killed; ${promoted} is primary.`);
    // With WAIT_REPLICAS=2 nothing is accepted before the third is back, as a replica.
    await project.docker(['start', name]);
    await waitFor('the old primary as a replica', async () => (await roleOf('redis')) === 'slave', within);
    const before = stream.sent.length;
    await waitFor('orders after the failover', () => stream.sent.length > before + PER_SECOND, within);
    await sleep(WARM_UP_MS);
    return { promoted, failoverMs };
  }

  /** @returns {Promise<string | undefined>} the node that all sentinels call primary */
  async function agreedPrimary() {
    const answers = await Promise.all(
      SENTINELS.map((sentinel) =>
        project
          .exec(sentinel, 'redis-cli', '-p', '26379', 'sentinel', 'get-master-addr-by-name', 'shop')
          .then((text) => text.split('\n')[0])
          .catch(() => undefined),
      ),
    );
    return new Set(answers).size === 1 ? answers[0] : undefined;
  }

  /** @param {string} node @returns {Promise<string | undefined>} `master` or `slave`, once its replication is up */
  async function roleOf(node) {
    const text = await project.exec(node, 'redis-cli', 'info', 'replication').catch(() => '');
    if (/^role:slave/m.test(text) && !/^master_link_status:up/m.test(text)) return undefined;
    return /^role:(\w+)/m.exec(text)?.[1];
  }

  async function clientOf() {
    return new ShopClient({
      orderUrl: await project.url('order', 3_001),
      inventoryUrl: await project.url('inventory', 3_002),
    });
  }
}
