// @ts-check
import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { join } from 'node:path';
import { LogCapture } from './capture/log-capture.mjs';
import { certify } from './certificate.mjs';
import { EffectWatch } from './effect-watch.mjs';
import { figuresOf, overTime } from './figures.mjs';
import { FATE, Ledger } from './ledger.mjs';
import { LiveLine } from './live-line.mjs';
import { RunOrders } from './orders.mjs';
import { OrderDoor } from './post-order.mjs';
import { ClosedLoop, OpenLoop } from './schedule.mjs';
import { Sender } from './sender.mjs';
import { lastLines, settle } from './settling.mjs';
import { summaryOf } from './summary.mjs';
import { ShopDoor } from './system/shop-door.mjs';

/** Times since 1970 of this clock, minus those of `performance.now()`. */
const TIME_ORIGIN = performance.timeOrigin;

/** @type {import('./sender.mjs').Time} */
const TIME = { now: () => performance.now(), wait: (ms, wake) => void setTimeout(wake, Math.max(0, ms)) };

/**
 * Loads a system, waits until it has settled everything, and has what happened judged.
 * @param {import('./settings.mjs').LoadSettings} settings
 * @param {{
 *   system: import('./system/system.mjs').System, directory: string, startedAt: Date,
 *   say: (text: string) => void, stream: NodeJS.WriteStream,
 * }} run
 * @returns {Promise<{ summary: import('./summary.mjs').Summary, ledger: Ledger }>}
 */
export async function loadTest(settings, { system, directory, startedAt, say, stream }) {
  const { orders: count, items, connections, timeoutMs, retries, apiKey } = settings;
  const orders = new RunOrders({ count, items, startedAt: startedAt.getTime() });
  const ledger = new Ledger(count);
  const watch = new EffectWatch(orders, ledger, TIME_ORIGIN);
  const shop = new ShopDoor({ ...system, adminApiKey: settings.adminApiKey });
  const stocked = system.inventoryUrl !== undefined;
  const startStock = orders.startStock();
  if (stocked) await shop.setStock(startStock);
  const capture = captureOf(system, directory, watch);
  const door = new OrderDoor({ url: system.orderUrl, connections, timeoutMs, apiKey });
  const sender = new Sender({
    schedule: scheduleOf(settings),
    connections,
    retries,
    time: TIME,
    post: (number) => door.post(orders.order(number)),
    answered: (job, answer, last) => {
      ledger.answered(job, answer, { last, at: performance.now() });
    },
  });
  const live = new LiveLine(stream, () => ({
    total: sender.schedule.total,
    sent: ledger.fate.reduce((sum, fate) => sum + (fate === FATE.none ? 0 : 1), 0) + ledger.repeatsAnswered,
    accepted: ledger.accepted,
    settled: ledger.settled,
    inFlight: sender.inFlight,
    errors: ledger.errorCount,
  }));
  let allSettled;
  try {
    await sender.run();
    allSettled = await settle({
      ...{ ledger, orders, door: shop, timeOrigin: TIME_ORIGIN, capture },
      deadlineMs: settings.settleSeconds * 1_000,
    });
    if (capture) await lastLines(capture);
  } finally {
    live.end();
    await door.close();
  }
  const endStock = stocked ? await shop.stock(orders.items) : undefined;
  say('Everything is answered; judging what happened ...');
  await system.close();
  await capture?.stop();
  await writeOrders(join(directory, 'orders.jsonl'), orders, ledger);
  if (endStock) {
    writeJson(join(directory, 'start-stock.json'), Object.fromEntries(startStock));
    writeJson(join(directory, 'end-stock.json'), endStock);
  }
  const logFiles =
    system.logFiles.length > 0 ? system.logFiles : capture ? [join(directory, 'logs', 'kept.jsonl')] : [];
  const certificate =
    logFiles.length === 0
      ? undefined
      : await certify({
          ...{
            directory,
            logFiles,
            judgedBy: system.judgedBy,
            maxWait: settings.maxWait,
            group: watch.group,
            stocked,
          },
        });
  const figures = figuresOf(ledger);
  const windows = overTime(ledger);
  const summary = summaryOf({
    settings,
    system: system.what,
    startedAt,
    figures,
    windows,
    certificate,
    allSettled,
  });
  return { summary, ledger };
}

/**
 * @param {import('./settings.mjs').LoadSettings} settings
 * @returns {import('./schedule.mjs').Schedule}
 */
function scheduleOf({ orders: count, rate, duplicates }) {
  return rate === undefined
    ? new ClosedLoop({ count, duplicates })
    : new OpenLoop({ count, perSecond: rate, duplicates });
}

/**
 * @param {import('./system/system.mjs').System} system
 * @param {string} directory
 * @param {EffectWatch} watch
 */
function captureOf({ lines, logFiles }, directory, watch) {
  if (!lines) return undefined;
  mkdirSync(join(directory, 'logs'), { recursive: true });
  const keepIn = logFiles.length > 0 ? {} : { keepIn: join(directory, 'logs', 'kept.jsonl') };
  return new LogCapture(lines, { take: (line) => watch.take(line), ...keepIn });
}

/** @type {Readonly<Record<number, true | false | 'unknown'>>} */
const ACCEPTED = { [FATE.accepted]: true, [FATE.refused]: false, [FATE.unknown]: 'unknown' };

/**
 * The list of orders that the verifier takes with --accepted.
 * @param {string} file
 * @param {RunOrders} orders
 * @param {Ledger} ledger
 */
async function writeOrders(file, orders, ledger) {
  const stream = createWriteStream(file);
  for (let number = 0; number < orders.count; number += 1) {
    const accepted = ACCEPTED[ledger.fate[number] ?? FATE.none];
    if (accepted === undefined) continue;
    const line = `${JSON.stringify({ ...orders.order(number), accepted })}\n`;
    if (!stream.write(line)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
}

/**
 * @param {string} file
 * @param {unknown} value
 */
const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
