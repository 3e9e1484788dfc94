/**
 * The store's clock minus ours, milliseconds. The reply is taken to have been written half way through the round
 * trip, so the error is at most half of it.
 * @param time what TIME answered: seconds and microseconds
 */
export function clockOffsetMs(
  time: readonly [string, string],
  sentAtMs: number,
  roundTripMs: number,
): number | undefined {
  const serverMs = Number(time[0]) * 1_000 + Number(time[1]) / 1_000;
  return Number.isFinite(serverMs) ? serverMs - (sentAtMs + roundTripMs / 2) : undefined;
}
