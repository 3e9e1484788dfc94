import type { Effect } from '@onlyonce/core';

/** Fields of one hash to be put, and when it disappears: nothing to read first, and nothing that can refuse. */
export interface PlainRecord {
  readonly key: string;
  /** Fields and values in turn, as HSET takes them. */
  readonly pairs: readonly string[];
  readonly ttlMs: number | undefined;
}

/** Lua's stack bounds how many arguments one call can be given. */
const MOST_FIELDS = 500;

/** @returns undefined when the effects are more than puts to one hash and its expiry */
export function plainRecordOf(effects: readonly Effect[]): PlainRecord | undefined {
  const key = effects[0]?.key;
  if (key === undefined || effects.length > MOST_FIELDS) return undefined;
  const pairs: string[] = [];
  let ttlMs: number | undefined;
  for (const effect of effects) {
    if (effect.key !== key) return undefined;
    if (effect.kind === 'put') pairs.push(effect.field, effect.value);
    else if (effect.kind === 'expire') ttlMs = effect.ttlMs;
    else return undefined;
  }
  return pairs.length === 0 ? undefined : { key, pairs, ttlMs };
}
