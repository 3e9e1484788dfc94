// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { ShopClient } from '../demo/shop-client.mjs';
import { DURABLE } from '../local/redis-settings.mjs';
import { waitFor } from '../local/wait-for.mjs';
import { Books } from './books.mjs';
import { cutRedisOff, holdsMessages, killContainer, pauseContainer } from './faults.mjs';
import { imageFaults } from './image-check.mjs';
import { effectLines, takenOver } from './log-lines.mjs';
import { OrderStream } from './order-stream.mjs';

export const LOCK_TTL_MS = 2_000;
/** With the rate below, every replica holds several messages at any moment. */
export const HANDLER_DELAY_MS = 500;
const PER_SECOND = 50;
const LEAST_ORDERS = 300;
const MOST_ORDERS = 2_000;
const WARM_UP_MS = 1_000;

/** @typedef {{ verdict: import('../demo/judge.mjs').Verdict, orders: number, notes: string[], faults: string[] }} Outcome */

/**
 * @param {import('./compose-project.mjs').ComposeProject} project its images are built
 * @param {(text: string) => void} say
 * @returns {Promise<Outcome>}
 */
export async function runCampaign(project, say) {
  const redisImage = await checkedRedisImage(project);
  await project.up(3);
  const faults = [...(await imageFaults(project, 'order')), ...(await imageFaults(project, 'inventory'))];
  const client = new ShopClient({
    orderUrl: await project.url('order', 3_001),
    inventoryUrl: await project.url('inventory', 3_002),
  });
  const guarantee = /** @type {{ acceptance?: string }} */ (
    await (await fetch(`${client.orderUrl}/guarantee`)).json()
  );
  if (guarantee.acceptance !== 'durable') {
    faults.push(`GET /guarantee says that acceptance is ${guarantee.acceptance}`);
  }
  const books = new Books(client, MOST_ORDERS);
  await books.open();
  say('Redis, order and 3 replicas of inventory are healthy, and stock is set. Orders are coming in.');

  const stream = new OrderStream({
    client,
    orders: books.orders,
    perSecond: PER_SECOND,
    atLeast: LEAST_ORDERS,
  });
  const sending = stream.run();
  // Looked at below: until then nobody must think it unhandled.
  sending.catch(() => undefined);
  const { killed, paused } = await strike().finally(() => stream.stop());
  await sending;
  say(
    `${stream.sent.length} orders accepted, ${stream.repeated} of them sent twice, ${stream.triedAgain} calls repeated.`,
  );

  await books.allSettled(stream.sent);
  say('Every order is settled.');
  const verdict = await books.judged(stream.sent);
  // The start that a tail cut by Redis itself would have spoilt.
  await project.restart('redis');
  const after = await waitFor(
    'the second restart of Redis',
    () => books.judged(stream.sent).catch(() => undefined),
    {
      deadlineMs: 60_000,
      everyMs: 500,
    },
  );
  faults.push(...verdict.faults, ...after.faults.map((fault) => `after a restart of Redis: ${fault}`));
  say('Stock is the same after another restart of Redis.');

  faults.push(...(await redisFaults()), ...(await shutdownFaults(project)));
  const { lines, foreign } = await project.logs('order', 'inventory');
  const effects = effectLines(lines);
  const twice = [...effects].filter(([, count]) => count > 1).map(([id]) => id);
  if (twice.length > 0) faults.push(`logs tell of more than one effect of ${twice.slice(0, 5)}`);
  if (foreign.length > 0) faults.push(`${foreign.length} log lines are no JSON: ${foreign[0]}`);
  const dead = lines.filter(({ event }) => event === 'message.dead').length;
  if (dead > 0) faults.push(`${dead} messages became dead letters`);
  for (const { container, held } of [killed, paused]) {
    if (held.length === 0)
      faults.push(`${container.name} held nothing when it was struck: nothing was tried`);
  }
  const silent = stream.sent.filter(({ orderId }) => !effects.has(orderId)).length;
  const late = lines.filter(
    ({ event, pod, messageId }) =>
      pod?.startsWith(paused.container.pod) &&
      paused.held.includes(messageId ?? '') &&
      (event === 'message.duplicate' || event === 'lock.lost'),
  );
  const notes = [
    fateOf('killed', killed),
    fateOf('paused', paused),
    `when it woke, ${new Set(late.map(({ messageId }) => messageId)).size} of its results came too late and were refused`,
    `logs: ${effects.size} orders with one line of their effect, ${twice.length} with more, ` +
      `${silent} without one (a pod killed between commit and log)`,
  ];
  return { verdict, orders: stream.sent.length, notes, faults };

  async function strike() {
    await sleep(WARM_UP_MS);
    const victim = await project.container('inventory', 2);
    const sleeper = await project.container('inventory', 3);
    await holdsMessages(client.inventoryUrl, victim);
    const killed = await killContainer(project, victim);
    say(`${killed.container.name} was killed while it held ${killed.held.length} messages.`);
    await holdsMessages(client.inventoryUrl, sleeper);
    const paused = await pauseContainer(project, sleeper, 2 * LOCK_TTL_MS);
    say(`${paused.container.name} was paused for twice the TTL of its ${paused.held.length} locks.`);
    await cutRedisOff(project, redisImage);
    say('Redis was killed, the tail of its file torn in the middle of a transaction, and Redis started.');
    await waitFor('readiness after Redis came back', () => ready(client.orderUrl), {
      deadlineMs: 60_000,
      everyMs: 100,
    });
    // Docker calls a container unhealthy from its pause to the next probe; `up --wait` would give up at once.
    await waitFor('health after the pause', () => project.healthy(paused.container), {
      deadlineMs: 30_000,
      everyMs: 250,
    });
    await project.up(5);
    say('Scaled to 5 replicas, the killed one among them.');
    await sleep(WARM_UP_MS);
    return { killed, paused };
  }

  async function redisFaults() {
    const text = await project.logText('redis');
    return /successfully truncated/i.test(text) ? [] : ['Redis came back without a repair of its torn file'];
  }

  /**
   * @param {string} how
   * @param {import('./faults.mjs').Struck} struck
   */
  function fateOf(how, { container, held }) {
    const taken = takenOver(lines, held, container.pod);
    return `${container.name} was ${how} holding ${held.length} messages; ${taken} of them were taken over`;
  }
}

/**
 * @param {import('./compose-project.mjs').ComposeProject} project
 * @returns {Promise<string>} the image
 * @throws Error when docker-compose.yml runs Redis otherwise than we do elsewhere
 */
async function checkedRedisImage(project) {
  const { services } = await project.config();
  const given = JSON.stringify(services.redis.command);
  if (given !== JSON.stringify(DURABLE))
    throw new Error(`settings of Redis differ from redis-settings.mjs: ${given}`);
  if (services.datadog === undefined) throw new Error('there is no profile datadog');
  return services.redis.image;
}

/**
 * Stops the services as a deployment would.
 * @param {import('./compose-project.mjs').ComposeProject} project
 */
async function shutdownFaults(project) {
  await project.stop('order', 'inventory');
  const names = (await project.containerNames()).filter((name) => !name.includes('-redis-'));
  const states = await project.docker([
    'inspect',
    '--format',
    '{{.Name}} exit code {{.State.ExitCode}}, restarts {{.RestartCount}}',
    ...names,
  ]);
  const faults = states.split('\n').filter((state) => !state.endsWith(' exit code 0, restarts 0'));
  return names.length === 6 ? faults : [...faults, `containers: ${names.join(', ')}; not 1 and 5`];
}

/** @param {string} url */
async function ready(url) {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
