// @ts-check
// One replica under fire: a Nest application on the built packages with the reservation of the inventory service, whose
// handler misbehaves as a message tells it to, and which ends or stops itself at a named crash window when told to.
// Plain JavaScript, since Node does not strip decorators; they are applied by hand.
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  createLogger,
  messageLogger,
  NestPinoLogger,
  OnlyonceHealth,
  OnlyonceModule,
  PinoTelemetry,
  ProcessOnce,
} from '@onlyonce/nestjs';
import { openClient, redisBackend, redisConnection } from '@onlyonce/redis';
import { alwaysYes } from './always-yes.mjs';
import { CrashWindows } from './crash-windows.mjs';
import { misbehave } from './misbehave.mjs';
import { reportReadiness, stopWithParent } from './parent.mjs';
import { givenSettings, witnessKey } from './settings.mjs';
import { setTimeout as sleep } from 'node:timers/promises';

/** @type {import('./settings.mjs').PodSettings} */
const settings = givenSettings();
const { name: pod, namespace, channel, group } = settings;
const identity = { service: group, version: 'chaos', env: 'chaos' };
const logger = createLogger({ ...identity, pod, level: 'info' });
const windows = new CrashWindows();

class Handlers {
  /**
   * @param {any} order
   * @param {import('@onlyonce/core').HandlerContext} context
   */
  async settle({ orderId, items, misbehaviour }, { tx, attempt }) {
    const stock = tx.hash('stock');
    for (const { id, quantity } of items)
      stock.take(id, quantity, { ifMissing: `UNKNOWN_ITEM: ${id}`, ifShort: `OUT_OF_STOCK: ${id}` });
    // For the verifier's question what became of an order, and an independent count of effects per id (I5).
    tx.hash(`order:${orderId}`).put({ status: 'CONFIRMED' });
    tx.hash(witnessKey(orderId)).add(`C ${orderId}`, 1);
    tx.ifRejected.hash(`order:${orderId}`).put({ status: 'REJECTED' });
    tx.ifRejected.hash(witnessKey(orderId)).add(`R ${orderId}`, 1);
    if (settings.handlerMs > 0) await sleep(Math.random() * settings.handlerMs);
    await misbehave(misbehaviour, { attempt });
  }
}
Injectable()(Handlers);
const descriptor = Object.getOwnPropertyDescriptor(Handlers.prototype, 'settle');
ProcessOnce(channel, { group })(Handlers.prototype, 'settle', /** @type {any} */ (descriptor));

const client = openClient(
  redisConnection({
    url: settings.redisUrl,
    pod,
    username: settings.username,
    password: settings.password,
  }),
);
client.on('error', () => undefined);
const real = redisBackend({
  client,
  namespace,
  ...(settings.waitReplicas > 0 ? { durability: 'replicated', waitReplicas: settings.waitReplicas } : {}),
  ...(settings.retentionMs === undefined ? {} : { retentionMs: settings.retentionMs }),
});
const store = windows.watching(real.store);
const dutyLock = settings.alwaysYes ? alwaysYes : real.dutyLock;
/** @type {import('@onlyonce/core').Backend} */
const backend = {
  store,
  dutyLock,
  feed: real.feed,
  get available() {
    return real.available;
  },
  preflight: () => real.preflight(),
  readFacts: () => real.readFacts(),
  close: () => real.close(),
};
const pino = new PinoTelemetry(logger);
/** @type {import('@onlyonce/core').Telemetry} */
const telemetry = {
  message: (event) => {
    const quiet =
      event.event === 'message.received' || (event.event === 'lock.lost' && event.attempt === undefined);
    if (settings.tellHeard || !quiet) pino.message(event);
  },
  notice: (notice) => {
    pino.notice(notice);
  },
  timed: () => undefined,
};

class Root {}
Module({
  imports: [
    OnlyonceModule.forRoot({
      backend,
      pod,
      consumer: {
        strategy: settings.strategy,
        lockTtlMs: settings.lockTtlMs,
        concurrency: settings.concurrency,
        maxTakeovers: settings.maxTakeovers,
        retry: { maxAttempts: settings.maxAttempts, maxDelayMs: 2_000 },
      },
      drainMs: settings.drainMs,
      telemetry,
      logFor: messageLogger(logger),
      crashPoints: windows,
      ...(settings.alwaysYes ? { handlerLock: alwaysYes } : {}),
      guarantee: { waitReplicas: settings.waitReplicas },
    }),
  ],
  providers: [Handlers],
})(Root);

const app = await NestFactory.createApplicationContext(Root, { logger: new NestPinoLogger(logger) });
logger.info({ event: 'service.started' });

let stopping = false;
process.on('SIGTERM', () => {
  if (stopping) return;
  stopping = true;
  logger.info({ event: 'service.stopping' });
  const end = () => {
    logger.info({ event: 'service.stopped' });
    process.exit(0);
  };
  app.close().then(end, end);
});
process.on('message', (/** @type {any} */ message) => {
  if (message?.arm !== undefined) windows.arm(message.arm ?? undefined);
});
stopWithParent();
const health = app.get(OnlyonceHealth);
reportReadiness(() => health.ready());
