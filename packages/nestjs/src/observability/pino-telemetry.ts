import type { EngineNotice, MessageEvent, Telemetry } from '@onlyonce/core';
import type { Logger } from 'pino';
import { datadogIds } from './datadog-ids.js';

/** One JSON line per event, in the vocabulary of docs/logs.md. Bodies are never logged. */
export class PinoTelemetry implements Telemetry {
  constructor(private readonly logger: Logger) {}

  message({ trace, ...line }: MessageEvent): void {
    const withTrace = trace ? { ...line, dd: datadogIds(trace) } : line;
    switch (line.event) {
      case 'message.retry':
        this.logger.warn(withTrace);
        return;
      case 'message.dead':
        this.logger.error(withTrace);
        return;
      default:
        this.logger.info(withTrace);
    }
  }

  notice({ level, event, message, fields, trace }: EngineNotice): void {
    this.logger[level]({ event, ...fields, ...(trace ? { dd: datadogIds(trace) } : {}) }, message);
  }

  timed(): void {
    // Durations belong to the metrics; `durationMs` of a message is in its own line.
  }
}
