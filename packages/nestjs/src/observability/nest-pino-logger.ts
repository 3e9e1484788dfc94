import type { LoggerService } from '@nestjs/common';
import type { Level, Logger } from 'pino';

/** Nest's own lines as JSON lines of the same logger, `context` as a field. */
export class NestPinoLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }
  /** Nest calls it as (message, context), (message, stack, context) or (message, stack, undefined). */
  error(message: unknown, ...rest: unknown[]): void {
    const [stack, ...others] = rest;
    if (typeof stack === 'string' && (others.length > 0 || stack.includes('\n'))) {
      this.write('error', message, others, { stack });
    } else {
      this.write('error', message, rest);
    }
  }

  private write(level: Level, message: unknown, rest: readonly unknown[], extra: object = {}): void {
    const context = rest.at(-1);
    const details = typeof context === 'string' ? rest.slice(0, -1) : rest;
    const fields = {
      ...extra,
      ...(typeof context === 'string' ? { context } : {}),
      ...(details.some((detail) => detail !== undefined) ? { details } : {}),
    };
    if (message instanceof Error) this.logger[level]({ ...fields, err: message }, message.message);
    else if (typeof message === 'object' && message !== null) this.logger[level]({ ...fields, ...message });
    else this.logger[level](fields, String(message));
  }
}
