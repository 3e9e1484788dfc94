// @ts-check
/** Short, so that many locks run out in a campaign. */
export const TTL_MS = 1_000;
/** Everything must be settled within the longest lock and a little: 32 times the TTL. */
export const SETTLE_MS = 32 * TTL_MS + 5_000;
/** What a message may wait from the end of the last fault that was there. */
export const MAX_WAIT_MS = SETTLE_MS;
