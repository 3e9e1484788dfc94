import { pino, type DestinationStream, type Level, type Logger } from 'pino';
import { LineWriter } from './line-writer.js';

export interface LoggerOptions {
  readonly service: string;
  readonly version: string;
  readonly env: string;
  readonly pod: string;
  readonly level: Level | 'silent';
  /** Where lines go, each at once. Default: standard output, gathered per turn of the event loop. */
  readonly destination?: DestinationStream;
}

/** JSON lines with a stable head: level, ISO time, service, env, version, pod. */
export function createLogger({ service, version, env, pod, level, destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { service, env, version, pod },
      timestamp: isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination ?? standardOutput(),
  );
}

let textMs = 0;
let text = '';

/** ISO time as pino takes it. A busy pod writes dozens of lines within a millisecond: the text is made once for them. */
function isoTime(): string {
  const nowMs = Date.now();
  if (nowMs !== textMs) {
    textMs = nowMs;
    text = `,"time":"${new Date(nowMs).toISOString()}"`;
  }
  return text;
}

function standardOutput(): LineWriter {
  const writer = new LineWriter(process.stdout.fd);
  process.once('exit', () => {
    writer.flushSync();
  });
  return writer;
}
