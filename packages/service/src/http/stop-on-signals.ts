import type { INestApplication } from '@nestjs/common';
import type { Logger } from 'pino';

/** What closing may take beyond draining; then the process ends all the same. */
const CLOSE_WITHIN_MS = 4_000;
/** What sending the last words may take; a tracer sends them when the event loop has nothing else to do. */
const LAST_WORDS_MS = 1_000;

/**
 * SIGTERM and SIGINT drain and end the process with 0, within `drainMs` plus 5 seconds whatever hangs: what is not
 * settled by then is in the backlog. A fault nobody caught ends it with 1, said in the log.
 */
export function stopOnSignals(app: INestApplication, logger: Logger, drainMs: number): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ event: 'service.stopping', signal });
    const giveUp = setTimeout(() => {
      logger.warn(
        { event: 'service.stopped' },
        `not closed within ${drainMs + CLOSE_WITHIN_MS} ms; ending all the same`,
      );
      process.exit(0);
    }, drainMs + CLOSE_WITHIN_MS);
    const end = (): void => {
      clearTimeout(giveUp);
      endWhenSaid();
    };
    app.close().then(
      () => {
        logger.info({ event: 'service.stopped' });
        end();
      },
      (error: unknown) => {
        logger.error({ event: 'service.stopped', err: error }, 'closing failed');
        end();
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('uncaughtException', (error) => {
    logger.fatal({ event: 'service.crashed', err: error }, error.message);
    process.exit(1);
  });
}

/**
 * Ends the process with 0. `process.exit` does not tell those who wait for `beforeExit`, which is where dd-trace sends
 * the last spans: where somebody waits, the process runs out of work by itself, within a time.
 */
function endWhenSaid(): void {
  if (process.listenerCount('beforeExit') === 0) process.exit(0);
  process.exitCode = 0;
  setTimeout(() => {
    process.exit(0);
  }, LAST_WORDS_MS).unref();
}
