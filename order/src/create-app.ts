import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestPinoLogger } from '@onlyonce/nestjs';
import { createAdapter, serveApiDocs, type Identity } from '@onlyonce/service';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import type { OrderConfig } from './config/order-config.js';
import { routeOrdersDirectly } from './order/direct-route.js';

/** The service with all its routes, not listening yet. */
export async function createApp(
  config: OrderConfig,
  { logger, ...identity }: Identity & { readonly logger: Logger },
): Promise<NestFastifyApplication> {
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
  return app;
}
