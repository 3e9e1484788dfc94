import { describe, expect, it } from '@jest/globals';
import type { MessageEvent } from '@onlyonce/core';
import { createLogger } from './logger.js';
import { messageLogger } from './message-logger.js';
import { NestPinoLogger } from './nest-pino-logger.js';
import { PinoTelemetry } from './pino-telemetry.js';

function logger(level: 'info' | 'debug' = 'info') {
  const lines: string[] = [];
  const made = createLogger({
    service: 'inventory',
    version: '1.2.3',
    env: 'ci',
    pod: 'pod-1',
    level,
    destination: { write: (line) => void lines.push(line) },
  });
  return {
    logger: made,
    lines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    raw: lines,
  };
}

const head = { service: 'inventory', version: '1.2.3', env: 'ci', pod: 'pod-1' };
const event = (fields: Partial<MessageEvent>): MessageEvent => ({
  event: 'message.processed',
  messageId: 'm1',
  channel: 'orders',
  group: 'mail',
  ...fields,
});

describe('PinoTelemetry', () => {
  it('writes one line per event with the vocabulary of docs/logs.md', () => {
    const { logger: pino, lines } = logger();
    new PinoTelemetry(pino).message(
      event({
        attempt: 2,
        fencingToken: '1700000000000001',
        durationMs: 12,
        outcome: 'confirmed',
        trace: { traceId: '123', spanId: '456' },
      }),
    );
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        ...head,
        event: 'message.processed',
        messageId: 'm1',
        channel: 'orders',
        group: 'mail',
        attempt: 2,
        fencingToken: '1700000000000001',
        durationMs: 12,
        outcome: 'confirmed',
        dd: { trace_id: '123', span_id: '456' },
      },
    ]);
  });

  it.each([
    ['message.received', 'info'],
    ['lock.won', 'info'],
    ['lock.lost', 'info'],
    ['message.processed', 'info'],
    ['message.rejected', 'info'],
    ['message.duplicate', 'info'],
    ['message.retry', 'warn'],
    ['message.dead', 'error'],
    ['message.recovered', 'info'],
    ['message.released', 'info'],
  ] as const)('writes %s at level %s', (name, level) => {
    const { logger: pino, lines } = logger();
    new PinoTelemetry(pino).message(event({ event: name }));
    expect(lines()).toMatchObject([{ event: name, level }]);
  });

  it('writes notices at their own level, with their fields beside the event', () => {
    const { logger: pino, lines } = logger();
    const telemetry = new PinoTelemetry(pino);
    telemetry.notice({ level: 'debug', event: 'engine.quiet', message: 'not seen at info' });
    telemetry.notice({
      level: 'warn',
      event: 'guarantee',
      message: 'can lose',
      fields: { acceptance: 'can-lose' },
    });
    expect(lines()).toMatchObject([
      { level: 'warn', event: 'guarantee', msg: 'can lose', acceptance: 'can-lose', ...head },
    ]);
  });

  it('keeps control characters of an id inside one line', () => {
    const { logger: pino, raw } = logger();
    new PinoTelemetry(pino).message(event({ messageId: 'a\n{"event":"forged"}\u001b[2J' }));
    expect(raw.join('').trimEnd().split('\n')).toHaveLength(1);
    expect(raw.join('')).not.toContain('\u001b');
  });
});

describe('messageLogger', () => {
  it('gives each line the ids and the trace of its message', () => {
    const { logger: pino, lines } = logger();
    const log = messageLogger(pino)({
      messageId: 'm1',
      channel: 'orders',
      group: 'mail',
      attempt: 3,
      traceId: '123',
      spanId: '456',
    });
    log.info('reserved', { items: 2 });
    log.debug('not seen at info');
    expect(lines()).toMatchObject([
      {
        msg: 'reserved',
        items: 2,
        messageId: 'm1',
        attempt: 3,
        dd: { trace_id: '123', span_id: '456' },
        ...head,
      },
    ]);
  });
});

describe('NestPinoLogger', () => {
  it('turns what Nest logs into lines of the same shape', () => {
    const { logger: pino, lines } = logger('debug');
    const nest = new NestPinoLogger(pino);
    nest.log('Nest application successfully started', 'NestApplication');
    nest.warn({ event: 'custom', text: 'object' }, 'Somewhere');
    nest.error('went wrong', 'Error: went wrong\n    at x', 'ExceptionsHandler');
    nest.error(new TypeError('thrown'), undefined, 'Thrower');
    nest.error('plain', 'OnlyContext');
    nest.debug('details', { a: 1 }, 'Debugger');
    nest.verbose('too much');
    expect(lines()).toMatchObject([
      { level: 'info', msg: 'Nest application successfully started', context: 'NestApplication', ...head },
      { level: 'warn', event: 'custom', text: 'object', context: 'Somewhere' },
      {
        level: 'error',
        msg: 'went wrong',
        stack: 'Error: went wrong\n    at x',
        context: 'ExceptionsHandler',
      },
      { level: 'error', msg: 'thrown', err: { type: 'TypeError' }, context: 'Thrower' },
      { level: 'error', msg: 'plain', context: 'OnlyContext' },
      { level: 'debug', msg: 'details', details: [{ a: 1 }], context: 'Debugger' },
    ]);
  });
});
