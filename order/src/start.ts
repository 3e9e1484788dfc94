import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, NestPinoLogger } from '@onlyonce/nestjs';
import { createAdapter, serveApiDocs, stopOnSignals, type Identity } from '@onlyonce/service';
import { AppModule } from './app.module.js';
import type { OrderConfig } from './config/order-config.js';
import { routeOrdersDirectly } from './order/direct-route.js';

/** Starts the service; resolves when it listens. Redis may be away: it is live then, and ready later. */
export async function start(config: OrderConfig, identity: Identity): Promise<void> {
  const logger = createLogger({ ...identity, pod: config.podName, level: config.logLevel });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, { ...identity, logger }),
    createAdapter(config.maxConnections),
    // bodyParser: Fastify's own JSON parser is all that is wanted; Nest would add forms.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class
    { logger: new NestPinoLogger(logger), abortOnError: false, bodyParser: false },
  );
  routeOrdersDirectly(app, config.apiKey);
  serveApiDocs(app, {
    title: 'Onlyonce: order',
    description: 'Accepts orders. An order is accepted when, and only when, it is in the durable backlog.',
    version: identity.version,
  });
  stopOnSignals(app, logger, config.drainMs);
  await app.listen(config.port, config.host);
  logger.info({
    event: 'service.started',
    url: await app.getUrl(),
    apiKey: config.apiKey === undefined ? 'off' : 'on',
  });
  if (config.apiKey === undefined) {
    logger.warn(
      { event: 'service.open' },
      'API_KEY is not set: anybody who reaches this port may place orders',
    );
  }
}
