import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, Reflector } from '@nestjs/core';
import { getRedisConnectionToken, RedisModule } from '@nestjs-modules/ioredis';
import { ORDER_RESULTS } from '@onlyonce/contracts';
import { systemClock } from '@onlyonce/core';
import { combineTelemetry, messageLogger, OnlyonceModule, OnlyonceOpsModule, PinoTelemetry } from '@onlyonce/nestjs';
import { redisBackend, redisConnection, redlockOver, storeKey, type RedisClient } from '@onlyonce/redis';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { OrderConfig } from './config/order-config.js';
import { holdBeforeCommit } from './hold-before-commit.js';
import { ApiKeyGuard } from './http/api-key.guard.js';
import { ProblemFilter } from './http/problem.filter.js';
import { SchemaPipe } from './http/schema.pipe.js';
import { ORDER_GROUP } from './order/order-results.handler.js';
import { ORDER_STORE, type OrderStore } from './order/order-store.js';
import { OrderWatch } from './order/order-watch.js';
import { OrderModule } from './order/order.module.js';
import { RedisOrderStore } from './order/redis-order-store.js';
import { settledHere } from './order/settled-here.js';
import type { Identity } from './start.js';

const REDIS = getRedisConnectionToken();

@Module({})
class OrderReadsModule {
  static with(namespace: string): DynamicModule {
    const keyOf = (name: string): string => storeKey(namespace, name);
    return {
      module: OrderReadsModule,
      providers: [
        { provide: ORDER_STORE, inject: [REDIS], useFactory: (client: RedisClient) => new RedisOrderStore(client, keyOf) },
        { provide: OrderWatch, inject: [ORDER_STORE], useFactory: (store: OrderStore) => new OrderWatch(store, systemClock) },
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

/** The composition root: the only file of this service that names the Redis adapter. */
@Module({})
export class AppModule {
  static with(config: OrderConfig, { tracer, logger, ...identity }: Identity & { readonly logger: Logger }): DynamicModule {
    const reads = OrderReadsModule.with(config.namespace);
    const tls = {
      caFile: config.redisTlsCaFile,
      certFile: config.redisTlsCertFile,
      keyFile: config.redisTlsKeyFile,
      rejectUnauthorized: config.redisTlsRejectUnauthorized,
    };
    const access = {
      pod: config.podName,
      username: config.redisUsername,
      password: config.redisPassword ?? config.redisPasswordFile,
      sentinelUsername: config.redisSentinelUsername,
      sentinelPassword: config.redisSentinelPassword,
      tls: config.redisUrl.startsWith('rediss') ? tls : undefined,
    };
    const guarantee = {
      waitReplicas: config.durability === 'replicated' ? config.waitReplicas : 0,
      retentionMs: config.retention,
      expectedMessagesPerSecond: config.expectedRate,
    };
    const { apiKey } = config;
    return {
      module: AppModule,
      imports: [
        RedisModule.forRootAsync({
          useFactory: () => redisConnection({ url: config.redisUrl, sentinelMaster: config.redisSentinelMaster, ...access }),
        }),
        OnlyonceModule.forRootAsync({
          imports: [reads],
          inject: [REDIS, OrderWatch],
          useFactory: async (client: RedisClient, watch: OrderWatch) => ({
            backend: redisBackend({ client, namespace: config.namespace, pod: config.podName, durability: config.durability, ...guarantee }),
            pod: config.podName,
            names: { [ORDER_RESULTS]: config.resultsChannel, [ORDER_GROUP]: config.group },
            consumer: {
              strategy: config.claimStrategy,
              lockTtlMs: config.lockTtlMs,
              concurrency: config.concurrency,
              maxTakeovers: config.maxTakeovers,
              handlerTimeoutMs: config.handlerTimeoutMs,
              retry: {
                baseDelayMs: config.retryBaseDelayMs,
                maxDelayMs: config.retryMaxDelayMs,
                maxAttempts: config.maxAttempts,
              },
              ...(config.maxInFlight === undefined ? {} : { maxInFlight: config.maxInFlight }),
              ...(config.sweepIntervalMs === undefined ? {} : { sweepIntervalMs: config.sweepIntervalMs }),
            },
            ...(config.lockNodes === undefined ? {} : { handlerLock: (await redlockOver(config.lockNodes, access)).locks }),
            drainMs: config.drainMs,
            telemetry: combineTelemetry(new PinoTelemetry(logger), settledHere(watch, config.resultsChannel)),
            tracer,
            logFor: messageLogger(logger),
            crashPoints: holdBeforeCommit(config.handlerDelayMs),
            guarantee: { requireDurable: config.requireDurable, ...guarantee },
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
          : [{ provide: APP_GUARD, inject: [Reflector], useFactory: (reflector: Reflector) => new ApiKeyGuard(reflector, apiKey) }]),
      ],
    };
  }
}
