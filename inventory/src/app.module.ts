import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, Reflector } from '@nestjs/core';
import { getRedisConnectionToken, RedisModule } from '@nestjs-modules/ioredis';
import { ORDER_RESULTS, ORDER_UPDATES } from '@onlyonce/contracts';
import { systemClock } from '@onlyonce/core';
import {
  messageLogger,
  OnlyonceModule,
  OnlyonceOpsModule,
  PinoTelemetry,
  type OnlyonceOptions,
} from '@onlyonce/nestjs';
import { redisBackend, redisConnection, redlockOver, storeKey, type RedisClient } from '@onlyonce/redis';
import {
  ApiKeyGuard,
  connectionLog,
  holdBeforeCommit,
  LOCK_NODES,
  LockNodesModule,
  ProblemFilter,
  SchemaPipe,
  type Identity,
  type LockNodes,
} from '@onlyonce/service';
import { engineOptions, redisAccess, storeOptions } from '@onlyonce/service/config';
import type { Logger } from 'pino';
import type { InventoryConfig } from './config/inventory-config.js';
import { INBOX_REF, InboxController } from './inbox/inbox.controller.js';
import { LOG } from './log.js';
import { CLOCK, INVENTORY_GROUP, OrderUpdatesHandler } from './reservation/order-updates.handler.js';
import { STOCK } from './reservation/reserve.js';
import { RedisStockStore } from './stock/redis-stock-store.js';
import { StockController } from './stock/stock.controller.js';
import { STOCK_STORE } from './stock/stock-store.js';

type Surroundings = Identity & { readonly logger: Logger };

const REDIS = getRedisConnectionToken();

/** The composition root: the only file of this service that names the Redis adapter. */
@Module({})
export class AppModule {
  static with(config: InventoryConfig, { tracer, logger, ...identity }: Surroundings): DynamicModule {
    const { adminApiKey, namespace, channel, resultsChannel, group } = config;
    return {
      module: AppModule,
      imports: [
        RedisModule.forRootAsync({
          imports: [],
          useFactory: () => ({
            ...redisConnection({
              url: config.redisUrl,
              sentinelMaster: config.redisSentinelMaster,
              ...redisAccess(config),
            }),
            // From its first moment on: an error that nobody listens to ends the process.
            onClientReady: (client: RedisClient) => {
              client.on('error', connectionLog(logger));
            },
          }),
        }),
        OnlyonceModule.forRootAsync({
          imports: [LockNodesModule.with(lockNodesOf(config, logger))],
          inject: [REDIS, LOCK_NODES],
          useFactory: (client: RedisClient, nodes: LockNodes | undefined): OnlyonceOptions => ({
            ...engineOptions(config),
            names: { [ORDER_UPDATES]: channel, [ORDER_RESULTS]: resultsChannel, [INVENTORY_GROUP]: group },
            backend: redisBackend({
              client,
              namespace,
              durability: config.durability,
              onError: connectionLog(logger),
              ...storeOptions(config),
            }),
            ...(nodes ? { handlerLock: nodes.locks } : {}),
            telemetry: new PinoTelemetry(logger),
            tracer,
            logFor: messageLogger(logger),
            crashPoints: holdBeforeCommit(config.handlerDelayMs),
          }),
        }),
        OnlyonceOpsModule.forRoot(identity),
      ],
      controllers: [StockController, InboxController],
      providers: [
        OrderUpdatesHandler,
        { provide: CLOCK, useValue: systemClock },
        { provide: INBOX_REF, useValue: { channel, group } },
        { provide: LOG, useValue: logger },
        {
          provide: STOCK_STORE,
          inject: [REDIS],
          useFactory: (client: RedisClient) => new RedisStockStore(client, storeKey(namespace, STOCK)),
        },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: SchemaPipe },
        ...(adminApiKey === undefined
          ? []
          : [
              {
                provide: APP_GUARD,
                inject: [Reflector],
                useFactory: (reflector: Reflector) => new ApiKeyGuard(reflector, adminApiKey),
              },
            ]),
      ],
    };
  }
}

/** How the masters of LOCK_NODES are reached; undefined where none is named. */
function lockNodesOf(config: InventoryConfig, logger: Logger): (() => Promise<LockNodes>) | undefined {
  const { lockNodes, namespace } = config;
  if (lockNodes === undefined) return undefined;
  return () =>
    redlockOver(lockNodes, { ...redisAccess(config), namespace, onNodeError: connectionLog(logger) });
}
