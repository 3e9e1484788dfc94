import { Logger } from '@nestjs/common';
import type { EngineNotice, MessageEvent, Telemetry } from '@onlyonce/core';

/** Without a telemetry of the application's own: notices go to Nest's logger, message events there as debug lines. */
export class NestLoggerTelemetry implements Telemetry {
  private readonly logger = new Logger('Onlyonce');

  message(event: MessageEvent): void {
    this.logger.debug(event);
  }

  notice({ level, event, message, fields }: EngineNotice): void {
    const line = { event, message, ...fields };
    switch (level) {
      case 'debug':
        this.logger.debug(line);
        return;
      case 'info':
        this.logger.log(line);
        return;
      case 'warn':
        this.logger.warn(line);
        return;
      case 'error':
        this.logger.error(line);
        return;
      default:
        level satisfies never;
    }
  }

  timed(): void {
    // Durations belong to the metrics.
  }
}
