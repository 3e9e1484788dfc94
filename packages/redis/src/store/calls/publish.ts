import { createHash } from 'node:crypto';
import type { PublishItem, PublishResult } from '@onlyonce/core';
import { EffectEncoder } from '../effect-encoder.js';
import { headersText } from '../headers.js';
import { addressOf } from '../id-address.js';
import { entryIdOf, type StoreContext } from '../store-context.js';

/** @param touchDuplicates write something for duplicates, too, so that a WAIT afterwards proves something */
export async function publish(
  context: StoreContext,
  channel: string,
  items: readonly PublishItem[],
  touchDuplicates: boolean,
): Promise<PublishResult[]> {
  const layout = await context.layout(channel);
  const { retentionMs, futureMs } = context.settings;
  const encoder = new EffectEncoder(context.names, [context.names.channel(channel)]);
  for (const item of items) encoder.collect(item.effects);
  const horizonMs = Number.isFinite(retentionMs) ? retentionMs : 0;
  const args = [
    horizonMs,
    futureMs,
    layout.generationMs,
    touchDuplicates ? 1 : 0,
    items.length,
    ...encoder.header(),
  ];
  for (const item of items) {
    const { bucket, field, issuedAtMs } = addressOf(item.id, layout);
    const effects = encoder.encode(item.effects);
    args.push(
      item.id,
      bucket,
      field,
      issuedAtMs ?? '',
      fingerprint(item.body),
      headersText(item.headers),
      item.body,
    );
    args.push(effects.length, ...effects);
  }
  const reply = (await context.scripts.run('publish', encoder.keys, args)) as string[];
  return reply.map(publishResult);
}

function publishResult(text: string): PublishResult {
  switch (text) {
    case 'DUPLICATE':
      return { kind: 'duplicate' };
    case 'CONFLICT':
      return { kind: 'conflict' };
    case 'TOO_OLD':
      return { kind: 'too-old' };
    case 'FROM_FUTURE':
      return { kind: 'from-future' };
    default:
      if (text.startsWith('REFUSED')) return { kind: 'refused', reason: text.slice('REFUSED'.length) };
      if (text.startsWith('FAULT')) return { kind: 'refused', reason: text.slice('FAULT'.length) };
      return { kind: 'accepted', entryId: entryIdOf(text) };
  }
}

/** Sixty bits of a digest: enough to notice that one id came with two bodies, which nobody gains from forging. */
function fingerprint(body: string): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 10);
}
