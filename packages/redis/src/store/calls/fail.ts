import type { FailItem, FailResult, GroupRef } from '@onlyonce/core';
import type { Argument } from '../../scripts/argument.js';
import { EffectEncoder } from '../effect-encoder.js';
import { addressOf } from '../id-address.js';
import type { StoreContext } from '../store-context.js';
import { encodeEvent, layoutsOfChannels } from './commit.js';

/** An error text is kept with the message: bounded, since whoever writes it is not. */
const MOST_ERROR_CHARACTERS = 500;

export async function fail(
  context: StoreContext,
  ref: GroupRef,
  items: readonly FailItem[],
): Promise<FailResult[]> {
  const channels = items.flatMap(({ onDead }) => onDead.map(({ channel }) => channel));
  const layouts = await layoutsOfChannels(context, new Set([ref.channel, ...channels]));
  const layout = await context.layout(ref.channel);
  const encoder = new EffectEncoder(context.names, [context.groupKey(ref)]);
  const edge = { names: context.names, encoder, layouts };
  const args: Argument[] = [items[0]?.token.pod ?? '', layout.generationMs, items.length];
  for (const item of items) {
    const { bucket, field } = addressOf(item.id, layout);
    const kind = item.kind === 'permanent' ? 'p' : 'r';
    const error = item.error.slice(0, MOST_ERROR_CHARACTERS);
    args.push(item.id, item.entryId, bucket, field, item.token.fence, item.token.nonce, kind, error);
    args.push(item.maxAttempts, item.delayMs, item.onDead.length);
    for (const event of item.onDead) args.push(...encodeEvent(edge, event));
  }
  const reply = (await context.scripts.run('fail', encoder.keys, args)) as (number | string)[];
  return reply.map((answer) => {
    const delayMs = Number(answer);
    if (delayMs === -1) return { kind: 'dead' };
    if (delayMs === -2) return { kind: 'stale' };
    return { kind: 'retry', inMs: delayMs };
  });
}
