// @ts-check
// The load: messages at a steady pace whether earlier ones are answered or not, duplicates among them, each asked for
// until its fate is known. Writes what was accepted, for the judge.
import { appendFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashOf } from '../random.mjs';
import { itemsOf, uuidV7 } from './orders.mjs';
import { stopWithParent, tell } from './parent.mjs';
import { givenSettings } from './settings.mjs';
import { engineTransport, recipeTransport } from './transports.mjs';

/**
 * @typedef {{
 *   name: string, redisUrl: string, namespace: string, channel: string, waitReplicas: number, recipe: boolean,
 *   seed: number, phase: string, rate: number, acceptedFile: string, scarce: boolean, lossy: boolean, replays: boolean,
 *   clockSteps: boolean, duplicates: number, specials: { at: number, misbehaviour?: object, items?: object }[],
 * }} PublisherSettings
 *   lossy: the store may lose what it accepted; replays: every id is kept, to be published again at the end, as an outbox
 *   would; specials: by number of the message
 */

/** @type {PublisherSettings} */
const settings = givenSettings();
const { name, seed, phase, channel } = settings;
const TICK_MS = 10;
/** Each has a deadline that counts its waiting: with many more, all would be told "unknown" on a machine that is busy. */
const MOST_UNDER_WAY = 1_000;
const GIVE_UP_MS = 300_000;
const DAY_MS = 86_400_000;
const MOST_ANOMALIES = 20;
/** Answers that are no verdict: nobody knows, or a clock that is stepped makes an id of now one of another time. */
const NO_VERDICT = new Set(['unknown', ...(settings.clockSteps ? ['from-future', 'too-old'] : [])]);

const counts = {
  sent: 0,
  accepted: 0,
  unknown: 0,
  refused: 0,
  repeats: 0,
  conflicts: 0,
  tooOld: 0,
  asked: 0,
  again: 0,
  replayed: 0,
  lostAndAcceptedAgain: 0,
  duplicateKinds: 0,
};
/** @type {string[]} */
const anomalies = [];
/** @type {string[]} */
const ids = [];
const specials = new Map(settings.specials.map((special) => [special.at, special]));
let underWay = 0;
let next = 0;
let running = false;
let buffer = '';

const transport = settings.recipe ? await recipeTransport(settings) : engineTransport(settings);

/** @param {string} text */
function anomaly(text) {
  if (anomalies.length < MOST_ANOMALIES) anomalies.push(text);
}

/**
 * @param {string} event
 * @param {string} messageId
 */
function log(event, messageId) {
  const head = {
    level: 'info',
    time: new Date().toISOString(),
    service: 'order',
    env: 'chaos',
    version: 'chaos',
    pod: name,
  };
  writeSync(1, `${JSON.stringify({ ...head, event, messageId, channel })}\n`);
}

/** @param {object} line */
function list(line) {
  buffer += `${JSON.stringify(line)}\n`;
}

function flush() {
  if (buffer === '') return;
  appendFileSync(settings.acceptedFile, buffer);
  buffer = '';
}

/** @param {number} n */
function bodyOf(n, id = ids[n]) {
  const special = specials.get(n);
  const items = special?.items ?? itemsOf(seed, n, settings);
  return { orderId: id, items, ...(special?.misbehaviour ? { misbehaviour: special.misbehaviour } : {}) };
}

/** Asks until the fate of a message is known: the same id, the same body. @param {string} id @param {object} body */
async function fateOf(id, body) {
  const giveUpAt = performance.now() + GIVE_UP_MS;
  let asked = 0;
  for (;;) {
    counts.asked += 1;
    asked += 1;
    const kind = await transport.publish(id, body);
    if (kind !== 'unavailable' && kind !== 'full') return { kind, asked };
    if (performance.now() > giveUpAt) return { kind: 'unknown', asked };
    counts.again += 1;
    await sleep(30 + Math.random() * 100);
  }
}

/** @param {number} n */
async function send(n) {
  const draw = hashOf(`${seed}/${phase}/${n}/id`);
  const id = draw % 2 === 0 ? uuidV7(Date.now()) : `c${seed.toString(36)}-${phase}-${n}`;
  if (settings.replays) ids[n] = id;
  const body = bodyOf(n, id);
  counts.sent += 1;
  const special = specials.has(n);
  const duplicate = !special && (draw >>> 8) % 1_000 < settings.duplicates * 1_000 ? (draw >>> 20) % 10 : -1;
  // The first answer and that of a repeat that overtakes it: one of them accepts.
  const early = duplicate >= 0 && duplicate < 3 ? fateOf(id, body) : undefined;
  const { kind } = await fateOf(id, body);
  const acceptances = [kind, early ? (await early).kind : ''].filter((each) => each === 'accepted').length;
  if (early) counts.repeats += 1;
  if (acceptances > 1 && !settings.lossy && !settings.recipe) anomaly(`${id} was accepted twice`);
  if (kind === 'unknown') {
    counts.unknown += 1;
    list({ ...body, accepted: 'unknown' });
    return;
  }
  if (kind !== 'accepted' && kind !== 'duplicate') {
    counts.refused += 1;
    list({ ...body, accepted: false });
    if (!NO_VERDICT.has(kind)) anomaly(`${id}: ${kind}`);
    return;
  }
  counts.accepted += 1;
  log('order.accepted', id);
  list(body);
  if (duplicate >= 3) await repeat(duplicate, id, body, draw);
}

/**
 * @param {number} kind
 * @param {string} id
 * @param {object} body
 * @param {number} draw
 */
async function repeat(kind, id, body, draw) {
  counts.duplicateKinds += 1;
  if (kind <= 6) {
    await sleep(kind === 3 ? 0 : (draw >>> 4) % 5_000);
    const { kind: answer } = await fateOf(id, body);
    counts.repeats += 1;
    if (answer === 'accepted' && settings.lossy) counts.lostAndAcceptedAgain += 1;
    else if (answer !== 'duplicate' && !NO_VERDICT.has(answer) && !settings.recipe)
      anomaly(`${id} published again: ${answer}, not duplicate`);
  } else if (settings.lossy || settings.recipe) return;
  else if (kind <= 8) {
    const other = { ...body, items: [{ id: 'item-0', quantity: 7 }] };
    const { kind: answer } = await fateOf(id, other);
    counts.conflicts += 1;
    if (answer !== 'conflict' && !NO_VERDICT.has(answer))
      anomaly(`${id} with another body: ${answer}, not conflict`);
  } else {
    const old = uuidV7(Date.now() - 8 * DAY_MS);
    const { kind: answer } = await fateOf(old, { ...body, orderId: old });
    counts.tooOld += 1;
    if (answer !== 'too-old' && answer !== 'unknown') anomaly(`${old} is older than the horizon: ${answer}`);
  }
}

/** @param {number} n */
function launch(n) {
  underWay += 1;
  void send(n)
    .catch((error) => anomaly(`message ${n}: ${error instanceof Error ? error.message : error}`))
    .finally(() => {
      underWay -= 1;
    });
}

async function run() {
  running = true;
  const began = performance.now() - (next / settings.rate) * 1_000;
  while (running) {
    const due = Math.floor(((performance.now() - began) * settings.rate) / 1_000);
    // Far behind after a pause: not all of it at once.
    const most = Math.min(due, next + Math.ceil(settings.rate / 4));
    while (next < most && underWay < MOST_UNDER_WAY) launch(next++);
    flush();
    await sleep(TICK_MS);
  }
}

async function stop() {
  running = false;
  for (const at of [...specials.keys()].filter((n) => n >= next).sort((one, other) => one - other)) {
    launch(at);
    next = at + 1;
  }
  while (underWay > 0) {
    flush();
    await sleep(TICK_MS);
  }
  flush();
}

/** As an outbox would after a loss: every id once more. What is accepted now had been lost. */
async function replay() {
  const known = [...ids.keys()].filter((n) => ids[n]);
  let at = 0;
  const worker = async () => {
    for (let n = known[at++]; n !== undefined; n = known[at++]) {
      const id = /** @type {string} */ (ids[n]);
      const { kind } = await fateOf(id, bodyOf(n, id));
      counts.replayed += 1;
      if (kind === 'accepted') {
        counts.lostAndAcceptedAgain += 1;
        log('order.accepted', id);
      } else if (kind !== 'duplicate') anomaly(`${id} replayed: ${kind}`);
    }
  };
  await Promise.all(Array.from({ length: 256 }, worker));
}

/** From here on an epoch of its own: what was before is not published again. */
async function mark() {
  ids.fill('', 0, next);
}

const commands = /** @type {Record<string, () => Promise<void>>} */ ({ run, stop, replay, mark });

process.on('message', async (/** @type {{ command: string }} */ { command }) => {
  if (command === 'run') void run();
  else await commands[command]?.();
  if (command !== 'count') flush();
  tell({ answer: command, counts: { ...counts, underWay, next }, anomalies });
});
stopWithParent();
log('service.started', '');
tell({ ready: true, reasons: [] });
