import { Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, Reflector } from '@nestjs/core';
import { getRedisConnectionToken, RedisModule } from '@nestjs-modules/ioredis';
import { ORDER_RESULTS } from '@onlyonce/contracts';
import { systemClock } from '@onlyonce/core';
import {
  combineTelemetry,
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
import { v7 as uuidv7 } from 'uuid';
import type { OrderConfig } from './config/order-config.js';
import { ORDER_GROUP } from './order/order-results.handler.js';
import { ORDER_STORE, type OrderStore } from './order/order-store.js';
import { OrderWatch } from './order/order-watch.js';
import { OrderModule } from './order/order.module.js';
import { RedisOrderStore } from './order/redis-order-store.js';
import { settledHere } from './order/settled-here.js';

type Surroundings = Identity & { readonly logger: Logger };

const REDIS = getRedisConnectionToken();

/** The composition root: the only file of this service that names the Redis adapter. */
@Module({})
export class AppModule {
  static with(config: OrderConfig, { tracer, logger, ...identity }: Surroundings): DynamicModule {
    const reads = OrderReadsModule.with(config.namespace);
    const locks = LockNodesModule.with(lockNodesOf(config, logger));
    const { apiKey } = config;
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
          imports: [reads, locks],
          inject: [REDIS, LOCK_NODES, OrderWatch],
          useFactory: (
            client: RedisClient,
            nodes: LockNodes | undefined,
            watch: OrderWatch,
          ): OnlyonceOptions => ({
            ...engineOptions(config),
            backend: redisBackend({
              client,
              namespace: config.namespace,
              durability: config.durability,
              onError: connectionLog(logger),
              ...storeOptions(config),
            }),
            names: { [ORDER_RESULTS]: config.resultsChannel, [ORDER_GROUP]: config.group },
            ...(nodes ? { handlerLock: nodes.locks } : {}),
            telemetry: combineTelemetry(new PinoTelemetry(logger), settledHere(watch, config.resultsChannel)),
            tracer,
            logFor: messageLogger(logger),
            crashPoints: holdBeforeCommit(config.handlerDelayMs),
          }),
        }),
        OnlyonceOpsModule.forRoot(identity),
        OrderModule.with({
          imports: [reads],
          channel: config.channel,
          life: { orderMs: config.orderRetention, idempotencyKeyMs: config.retention },
          clock: systemClock,
          ids: { timed: () => uuidv7(), timeless: () => crypto.randomUUID() },
          tracer,
          logger,
        }),
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: SchemaPipe },
        ...(apiKey === undefined
          ? []
          : [
              {
                provide: APP_GUARD,
                inject: [Reflector],
                useFactory: (reflector: Reflector) => new ApiKeyGuard(reflector, apiKey),
              },
            ]),
      ],
    };
  }
}

/** Reading orders, past the engine: one client serves both. */
@Module({})
class OrderReadsModule implements OnModuleDestroy {
  static with(namespace: string): DynamicModule {
    const keyOf = (name: string): string => storeKey(namespace, name);
    return {
      module: OrderReadsModule,
      providers: [
        {
          provide: ORDER_STORE,
          inject: [REDIS],
          useFactory: (client: RedisClient) => new RedisOrderStore(client, keyOf),
        },
        {
          provide: OrderWatch,
          inject: [ORDER_STORE],
          useFactory: (store: OrderStore) => new OrderWatch(store, systemClock),
        },
      ],
      exports: [ORDER_STORE, OrderWatch],
    };
  }

  constructor(private readonly watch: OrderWatch) {}

  /** Requests that wait are answered at once, with what is known, so that they do not hold up a shutdown. */
  onModuleDestroy(): void {
    this.watch.stop();
  }
}

/** How the masters of LOCK_NODES are reached; undefined where none is named. */
function lockNodesOf(config: OrderConfig, logger: Logger): (() => Promise<LockNodes>) | undefined {
  const { lockNodes, namespace } = config;
  if (lockNodes === undefined) return undefined;
  return () =>
    redlockOver(lockNodes, { ...redisAccess(config), namespace, onNodeError: connectionLog(logger) });
}
