import { hash } from 'node:crypto';
import type { Effect, PublishItem } from '@onlyonce/core';
import type { Argument } from '../../scripts/script-runner.js';
import { EffectEncoder } from '../effect-encoder.js';
import { headersText } from '../headers.js';
import { addressOf } from '../id-address.js';
import type { Keys } from '../keys.js';
import type { Layout } from '../layout.js';
import { plainRecordOf, type PlainRecord } from './plain-record.js';

/** KEYS and ARGV of publish.lua for a batch, except for its first arguments, which are the same for all. */
export function publishArguments(
  names: Keys,
  channelKey: string,
  layout: Layout,
  items: readonly PublishItem[],
): { readonly keys: string[]; readonly args: Argument[] } {
  const encoder = new EffectEncoder(names, [channelKey]);
  const records = plainRecordsOf(items);
  items.forEach(({ effects }, at) => {
    if (!records[at]) encoder.collect(effects);
  });
  const args: Argument[] = [items.length, ...encoder.header()];
  // Not by the encoder: nothing else of the batch names this key.
  const { keys } = encoder;
  items.forEach((item, at) => {
    pushItem(args, item, layout);
    const record = records[at];
    if (record) pushRecord(args, record, keys.push(names.effect(record.key)));
    else pushEffects(args, item.effects, encoder);
  });
  return { keys, args };
}

function pushItem(args: Argument[], { id, headers, body }: PublishItem, layout: Layout): void {
  const { bucket, field, issuedAtMs } = addressOf(id, layout);
  args.push(id, bucket, field, issuedAtMs ?? '', fingerprint(body), headersText(headers), body);
}

function pushRecord(args: Argument[], { ttlMs, pairs }: PlainRecord, keyIndex: number): void {
  args.push(pairs.length + 2, 'r', keyIndex, ttlMs ?? '');
  for (const text of pairs) args.push(text);
}

function pushEffects(args: Argument[], effects: readonly Effect[], encoder: EffectEncoder): void {
  if (effects.length === 0) {
    args.push(0, '');
    return;
  }
  const encoded = encoder.encode(effects);
  args.push(encoded.length, 'e', ...encoded);
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
