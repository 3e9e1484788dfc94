import type { Logger } from 'pino';

const REPEAT_AFTER_MS = 30_000;

/** Says what is wrong with a connection once, and again every half minute while it lasts: drivers try often. */
export function connectionLog(logger: Logger): (error: Error) => void {
  let last: { readonly text: string; readonly atMs: number } | undefined;
  return ({ message: text }) => {
    const atMs = performance.now();
    if (last?.text === text && atMs - last.atMs < REPEAT_AFTER_MS) return;
    last = { text, atMs };
    logger.warn({ event: 'redis.connection' }, text);
  };
}
