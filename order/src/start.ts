import 'reflect-metadata';
import { createLogger } from '@onlyonce/nestjs';
import { stopOnSignals, type Identity } from '@onlyonce/service';
import type { OrderConfig } from './config/order-config.js';
import { createApp } from './create-app.js';

/** Starts the service; resolves when it listens. Redis may be away: it is live then, and ready later. */
export async function start(config: OrderConfig, identity: Identity): Promise<void> {
  const logger = createLogger({ ...identity, pod: config.podName, level: config.logLevel });
  const app = await createApp(config, { ...identity, logger });
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
