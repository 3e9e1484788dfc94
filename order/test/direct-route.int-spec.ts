import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { noTracer } from '@onlyonce/core';
import { createLogger } from '@onlyonce/nestjs';
import { startRedis, type RedisServer } from '@onlyonce/testing';
import { readOrderConfig } from '../src/config/order-config.js';

/** Nest calls its interceptors on its own way to a handler, and nowhere else. */
class Passers {
  readonly handlers: string[] = [];

  intercept(context: ExecutionContext, next: CallHandler) {
    this.handlers.push(context.getHandler().name);
    return next.handle();
  }
}

describe('the way of POST /orders', () => {
  let redis: RedisServer;
  let app: NestFastifyApplication;
  let passers: Passers;

  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await app.close();
    await redis.stop();
  });

  const start = async (settings: Record<string, string> = {}): Promise<void> => {
    const config = readOrderConfig({ REDIS_URL: redis.url, LOG_LEVEL: 'silent', ...settings }, 'order-0');
    const identity = { service: 'order', env: 'test', version: '0', tracer: noTracer };
    const logger = createLogger({ ...identity, pod: 'order-0', level: config.logLevel });
    // Not above: @nestjs-modules/ioredis requires Nest, which Jest allows only once Nest is loaded.
    const { createApp } = await import('../src/create-app.js');
    app = await createApp(config, { ...identity, logger });
    passers = new Passers();
    app.useGlobalInterceptors(passers);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  };
  const place = (payload: object, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: '/orders', payload, headers });
  const order = { orderId: 'direct', items: [{ id: 'sku-1', quantity: 1 }] };

  it('goes straight to the controller, which no other route does', async () => {
    await start();
    const accepted = await place(order);
    expect([accepted.statusCode, accepted.headers.location]).toEqual([202, '/orders/direct']);
    expect((await place({ ...order, items: [] })).statusCode).toBe(400);
    expect(passers.handlers).toEqual([]);
    const found = await app.inject({ method: 'GET', url: '/orders/direct' });
    expect(found.json()).toMatchObject({ orderId: 'direct', status: 'PENDING' });
    expect(passers.handlers).toEqual(['find']);
  });

  it('asks for the API key there, too', async () => {
    await start({ API_KEY: 'a-key-of-sixteen' });
    expect((await place(order)).statusCode).toBe(401);
    expect((await place(order, { 'x-api-key': 'a-key-of-sixteen' })).statusCode).toBe(202);
    expect(passers.handlers).toEqual([]);
  });
});
