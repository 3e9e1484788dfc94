// A service that sends one welcome mail per account, whichever of its replicas hears of it and however often.
import 'reflect-metadata';
import { Injectable, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { BusinessRejection, type Backend, type HandlerContext } from '@onlyonce/core';
import {
  createLogger,
  messageLogger,
  type LoggerOptions,
  NestPinoLogger,
  OnlyonceModule,
  OnlyonceOpsModule,
  PinoTelemetry,
  ProcessOnce,
  Publisher,
} from '@onlyonce/nestjs';
import { z } from 'zod';

const accountOpened = z.object({ accountId: z.string(), email: z.email(), country: z.string() });
type AccountOpened = z.infer<typeof accountOpened>;

@Injectable()
export class WelcomeMails {
  @ProcessOnce('accounts', { group: 'mail', schema: accountOpened, concurrency: 16 })
  welcome({ accountId, email, country }: AccountOpened, { messageId, tx, log }: HandlerContext): void {
    // A "no" of the business is a result, not a failure: nothing is retried, only `ifRejected` is written.
    tx.ifRejected.hash(`mail:${accountId}`).put({ state: 'not sent' });
    if (country === 'XX') throw new BusinessRejection('UNKNOWN_COUNTRY');
    // Declared here, applied in one atomic step together with the processed id: once, or not at all.
    tx.hash('mail:counters').add('welcomed', 1);
    tx.hash(`mail:${accountId}`).put({ state: 'sent', by: messageId });
    tx.emit('mails', { template: 'welcome', to: email });
    log.info('welcome mail ordered', { accountId });
  }
}

@Injectable()
export class Accounts {
  constructor(private readonly publisher: Publisher) {}

  /** The record is written if, and only if, the event is accepted; repeating the call changes nothing. */
  async open(account: AccountOpened): Promise<'opened' | 'was open'> {
    const { kind } = await this.publisher.publish('accounts', {
      id: `account-${account.accountId}`,
      body: account,
      record: (record) => record.hash(`account:${account.accountId}`).put({ country: account.country }),
    });
    if (kind === 'accepted') return 'opened';
    if (kind === 'duplicate') return 'was open';
    throw new Error(`the account cannot be opened: ${kind}`);
  }
}

@Module({ providers: [WelcomeMails, Accounts] })
class MailModule {}

/** In production the backend is that of @onlyonce/redis; in the test of this example it is a store in memory. */
export async function start(
  backend: Backend,
  level: LoggerOptions['level'] = 'info',
): Promise<NestFastifyApplication> {
  const identity = { service: 'mail', version: '1.0.0', env: 'example' };
  const pod = 'mail-1';
  const logger = createLogger({ ...identity, pod, level });
  Logger.overrideLogger(new NestPinoLogger(logger));
  const root = {
    module: MailModule,
    imports: [
      OnlyonceModule.forRoot({
        backend,
        pod,
        consumer: { lockTtlMs: 5_000, retry: { maxAttempts: 6 } },
        telemetry: new PinoTelemetry(logger),
        logFor: messageLogger(logger),
      }),
      // GET /health/live, /health/ready, /metrics, /guarantee
      OnlyonceOpsModule.forRoot(identity),
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter());
  // SIGTERM: not ready at once, running handlers finish, the rest is given back. `useProcessExit` lets the last
  // lines out before the process ends.
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.listen(0, '127.0.0.1');
  return app;
}
