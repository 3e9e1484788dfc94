import type { Provider } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { systemClock } from '@onlyonce/core';
import { InMemoryBackend, RecordingTelemetry } from '@onlyonce/testing';
import { OnlyonceModule, OnlyonceOpsModule, type OnlyonceOptions } from '../src/index.js';

export interface StartedApp {
  readonly app: NestFastifyApplication;
  readonly backend: InMemoryBackend;
  readonly telemetry: RecordingTelemetry;
}

/** Fast enough for tests, and otherwise as in production. */
export const testConsumer = { lockTtlMs: 500, retry: { baseDelayMs: 5, maxDelayMs: 20, maxAttempts: 3 } };

/** An application over a store in memory, with the operations endpoints; not initialised yet. */
export async function createApp(
  providers: Provider[],
  options: Partial<OnlyonceOptions> = {},
  backend = new InMemoryBackend({ clock: systemClock }),
): Promise<StartedApp> {
  const telemetry = new RecordingTelemetry();
  const testing = await Test.createTestingModule({
    imports: [
      OnlyonceModule.forRoot({ backend, pod: 'pod-1', telemetry, consumer: testConsumer, ...options }),
      OnlyonceOpsModule.forRoot({ service: 'test', version: '1.2.3', env: 'ci' }),
    ],
    providers,
  }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  app.useLogger(false);
  return { app, backend, telemetry };
}

export async function startApp(...args: Parameters<typeof createApp>): Promise<StartedApp> {
  const started = await createApp(...args);
  await started.app.init();
  return started;
}
