/** The channel that every simulated pod consumes unless told otherwise. */
export const CHANNEL = 'orders';
/** The hash in which simulated handlers count their effects, by message id. */
export const EFFECTS = 'effects';

/** Message ids m0, m1 and so on. */
export function messageIds(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `m${n}`);
}

/** Each message took effect once. */
export function onceEach(ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(ids.map((id) => [id, '1']));
}
