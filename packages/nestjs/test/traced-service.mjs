// A whole service in one process for tracing.e2e-spec.ts: POST /orders publishes, a handler processes. Plain
// JavaScript, since Node does not strip decorators; they are applied by hand.
import { loadTracer } from '@onlyonce/nestjs/tracing';

const tracer = await loadTracer({ enabled: true, service: 'traced', env: 'ci', version: '1.2.3' });

// Only now: what is imported before the tracer is not traced.
const { Body, Controller, Inject, Injectable, Logger, Module, Post } = await import('@nestjs/common');
const { NestFactory } = await import('@nestjs/core');
const { FastifyAdapter } = await import('@nestjs/platform-fastify');
const { systemClock } = await import('@onlyonce/core');
const onlyonce = await import('@onlyonce/nestjs');
const { InMemoryBackend } = await import('@onlyonce/testing');
const { createLogger, messageLogger, NestPinoLogger, OnlyonceModule, PinoTelemetry, ProcessOnce, Publisher } =
  onlyonce;

function decorate(type, method, ...decorators) {
  for (const apply of decorators) {
    apply(type.prototype, method, Object.getOwnPropertyDescriptor(type.prototype, method));
  }
}

class Orders {
  constructor(publisher) {
    this.publisher = publisher;
  }
  create(order) {
    return this.publisher.publish('orders', { id: order.orderId, body: order });
  }
}
Controller('orders')(Orders);
Inject(Publisher)(Orders, undefined, 0);
decorate(Orders, 'create', Post());
Body()(Orders.prototype, 'create', 0);

class Handlers {
  handle(order, { attempt, log, headers }) {
    log.info('handling', { headers: Object.keys(headers), baggage: headers.baggage });
    if (order.fails && attempt === 1) throw new Error('not the first time');
  }
}
Injectable()(Handlers);
decorate(Handlers, 'handle', ProcessOnce('orders', { group: 'mail', retry: { baseDelayMs: 5 } }));

class Root {}
const logger = createLogger({ service: 'traced', version: '1.2.3', env: 'ci', pod: 'pod-1', level: 'info' });
Logger.overrideLogger(new NestPinoLogger(logger));
Module({
  imports: [
    OnlyonceModule.forRoot({
      backend: new InMemoryBackend({ clock: systemClock }),
      pod: 'pod-1',
      tracer,
      telemetry: new PinoTelemetry(logger),
      logFor: messageLogger(logger),
    }),
  ],
  controllers: [Orders],
  providers: [Handlers],
})(Root);

const app = await NestFactory.create(Root, new FastifyAdapter());
app.enableShutdownHooks(['SIGTERM'], { useProcessExit: true });
await app.listen(0, '127.0.0.1');
logger.info({ event: 'listening', url: await app.getUrl() });
