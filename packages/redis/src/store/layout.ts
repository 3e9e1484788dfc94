/** Raised when keys change their meaning: pods of different layouts refuse to share a channel. */
export const LAYOUT_VERSION = 3;

/**
 * Ids a bucket should hold: a listpack (limit 512 by default), which is searched from its start. At thirty times the rate
 * planned for it is still one; 128 would save 13 bytes per id, and cost every message ten microseconds at such rates.
 */
const IDS_PER_BUCKET = 8;

/** Where remembered ids of one channel are kept. Fixed by whoever comes first, and read back by all others. */
export interface Layout {
  /** Ids issued within one slice of time share a bucket; milliseconds. */
  readonly sliceMs: number;
  /** Buckets for the ids of one generation that carry no time. */
  readonly buckets: number;
  /** How long a generation lasts, milliseconds; 0 when ids are remembered for ever. */
  readonly generationMs: number;
}

/**
 * @param messagesPerSecond the rate to plan for; a rate sixty times higher makes buckets grow into hash tables,
 *   which costs memory (about 96 bytes per id instead of 24), not time
 * @param retentionMs how long ids are remembered; Infinity for ever
 */
export function planLayout(messagesPerSecond: number, retentionMs: number): Layout {
  const perMs = messagesPerSecond / 1_000;
  const forever = !Number.isFinite(retentionMs);
  const ids = perMs * (forever ? 365 * 86_400_000 : retentionMs);
  return {
    sliceMs: powerOfTwoWithin(IDS_PER_BUCKET / perMs, 4, 2 ** 21),
    buckets: powerOfTwoWithin(ids / IDS_PER_BUCKET, 1_024, 2 ** 22),
    generationMs: forever ? 0 : retentionMs,
  };
}

function powerOfTwoWithin(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, 2 ** Math.floor(Math.log2(value))));
}
