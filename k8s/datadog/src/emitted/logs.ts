import type { LogEventDefinition, LogEventName, LogField } from '@onlyonce/nestjs';

/** What the two services log under a name, beyond what the packages do (docs/logs.md). */
export const serviceEvents = {
  'order.accepted': { levels: ['info'], fields: ['messageId', 'channel'] },
  'stock.set': { levels: ['info'], fields: ['item', 'quantity', 'previous'] },
  'service.started': { levels: ['info'], fields: ['url', 'apiKey'] },
  'service.open': { levels: ['warn'], fields: ['msg'] },
  'service.stopping': { levels: ['info'], fields: ['signal'] },
  'service.stopped': { levels: ['info', 'warn', 'error'], fields: [], optional: ['msg', 'err'] },
  'service.crashed': { levels: ['fatal'], fields: ['msg', 'err'] },
  'redis.connection': { levels: ['warn'], fields: ['msg'] },
} as const satisfies Readonly<Record<string, LogEventDefinition>>;

export type EventName = LogEventName | keyof typeof serviceEvents;

/** Made by the pipeline (src/logs/pipeline.ts) out of others. */
export type MadeField = 'effect' | 'error.message' | 'error.kind' | 'error.stack';

type ServiceField = (typeof serviceEvents)[
  'stock.set' | 'service.started' | 'service.stopping']['fields'][number];

export type Field = LogField | MadeField | ServiceField | 'err.message' | 'err.type' | 'err.stack';

/** Attributes that the pipeline also makes tags, so that one template variable filters logs and metrics. */
export const tagsOfLogs = [
  'env',
  'version',
  'channel',
  'group',
  'pod',
] as const satisfies readonly LogField[];
export type TagOfLogs = (typeof tagsOfLogs)[number] | 'service' | 'source';
