import { hash } from 'node:crypto';
import type { Effect, PublishItem } from '@onlyonce/core';
import type { Argument } from '../../scripts/argument.js';
import { EffectEncoder } from '../effect-encoder.js';
import { bellOf, entryText } from '../entry-text.js';
import { addressOf } from '../id-address.js';
import type { Keys } from '../keys.js';
import type { Layout } from '../layout.js';
import { pushBuckets, pushFields } from './addresses.js';
import { plainRecordOf, type PlainRecord } from './plain-record.js';

/** What is the same for every message of a call. */
export interface PublishRules {
  readonly horizonMs: number;
  readonly futureMs: number;
  readonly layout: Layout;
  /** Write something for duplicates, too, so that a WAIT afterwards proves something. */
  readonly touchDuplicates: boolean;
}

export interface PublishArguments {
  readonly keys: readonly string[];
  /** To be packed. */
  readonly args: readonly Argument[];
  readonly texts: string;
  readonly bells: string;
}

/** KEYS and ARGV of publish.lua; the first of ARGV is to be packed. */
export function publishArguments(
  names: Keys,
  channelKey: string,
  { horizonMs, futureMs, layout, touchDuplicates }: PublishRules,
  items: readonly PublishItem[],
): PublishArguments {
  const encoder = new EffectEncoder(names, [channelKey]);
  const records = plainRecordsOf(items);
  items.forEach(({ effects }, at) => {
    if (!records[at]) encoder.collect(effects);
  });
  const addresses = items.map(({ id }) => addressOf(id, layout));
  const args: Argument[] = [horizonMs, futureMs, layout.generationMs, touchDuplicates ? 1 : 0, items.length];
  pushFields(args, addresses);
  for (const { body } of items) args.push(fingerprint(body));
  pushBuckets(args, addresses);
  args.push(...encoder.header());
  const texts: string[] = [];
  const bells: string[] = [];
  addresses.forEach((address, at) => {
    const item = items[at];
    if (!item) return;
    const bell = bellOf(item);
    const text = entryText(address, bell, item.body);
    bells.push(bell);
    texts.push(text);
    args.push(address.issuedAtMs ?? 0, Buffer.byteLength(text));
    const record = records[at];
    if (record) pushRecord(args, record, names.effect(record.key));
    else pushEffects(args, item.effects, encoder);
  });
  return { keys: encoder.keys, args, texts: texts.join('\n'), bells: bells.join('\n') };
}

function pushRecord(args: Argument[], { ttlMs, pairs }: PlainRecord, key: string): void {
  args.push(pairs.length + 3, 'r', key, ttlMs ?? 0);
  for (const text of pairs) args.push(text);
}

function pushEffects(args: Argument[], effects: readonly Effect[], encoder: EffectEncoder): void {
  if (effects.length === 0) {
    args.push(0);
    return;
  }
  const encoded = encoder.encode(effects);
  args.push(encoded.length + 1, 'e', ...encoded);
}

/** The plain record of each item whose key no other item of the batch touches; undefined for the others. */
function plainRecordsOf(items: readonly PublishItem[]): (PlainRecord | undefined)[] {
  const records = items.map(({ effects }) => plainRecordOf(effects));
  if (items.length === 1) return records;
  const touched = new Set<string>();
  const shared = new Set<string>();
  const touch = (key: string): void => {
    if (touched.has(key)) shared.add(key);
    else touched.add(key);
  };
  items.forEach(({ effects }, at) => {
    const record = records[at];
    if (record) touch(record.key);
    else for (const { key } of effects) touch(key);
  });
  return shared.size === 0
    ? records
    : records.map((record) => (record && shared.has(record.key) ? undefined : record));
}

/** Sixty bits of a digest: enough to notice that one id came with two bodies, which nobody gains from forging. */
function fingerprint(body: string): string {
  return hash('sha256', body, 'base64url').slice(0, 10);
}
