import type {
  CommitItem,
  CommitResult,
  GroupRef,
  Outcome,
  OutgoingEvent,
  RejectableEvent,
} from '@onlyonce/core';
import type { Argument } from '../../scripts/script-runner.js';
import { EffectEncoder } from '../effect-encoder.js';
import { headersText } from '../headers.js';
import { addressOf } from '../id-address.js';
import type { Keys } from '../keys.js';
import type { Layout } from '../layout.js';
import type { StoreContext } from '../store-context.js';

/** Effects and events of one call: bounds how long one atomic step keeps the store busy. */
const MOST_OPERATIONS_PER_CALL = 2_000;

/** Offers results; the store judges each. Split into several calls only when handlers declared a great deal. */
export async function commit(
  context: StoreContext,
  ref: GroupRef,
  items: readonly CommitItem[],
): Promise<CommitResult[]> {
  const results: CommitResult[] = [];
  for (const batch of batches(items)) results.push(...(await commitBatch(context, ref, batch)));
  return results;
}

async function commitBatch(
  context: StoreContext,
  ref: GroupRef,
  items: readonly CommitItem[],
): Promise<CommitResult[]> {
  const layouts = await layoutsOf(context, ref, items);
  const layout = await context.layout(ref.channel);
  const encoder = new EffectEncoder(context.names, [context.groupKey(ref)]);
  for (const item of items) {
    encoder.collect(item.effects);
    encoder.collect(item.onReject.effects);
  }
  const edge = { names: context.names, encoder, layouts };
  const pod = items[0]?.token.pod ?? '';
  const args: Argument[] = [
    pod,
    layout.generationMs,
    context.settings.recentBatches,
    items.length,
    ...encoder.header(),
  ];
  for (const item of items) {
    const { bucket, field } = addressOf(item.id, layout);
    const accept = [...encoder.encode(item.effects), ...encodeEvents(edge, item.events)];
    const reject = [...encoder.encode(item.onReject.effects), ...encodeEvents(edge, item.onReject.events)];
    const { fence, nonce } = item.token;
    const outcome = item.outcome === 'confirmed' ? 'C' : 'R';
    args.push(item.id, item.entryId, bucket, field, fence, nonce, item.attempt, outcome, item.reason ?? '');
    args.push(accept.length, reject.length, ...accept, ...reject);
  }
  const reply = (await context.scripts.run('commit', encoder.keys, args)) as string[];
  return reply.map(commitResult);
}

function commitResult(text: string): CommitResult {
  const rest = text.slice(1);
  switch (text[0]) {
    case 'C':
      return { kind: 'committed', outcome: 'confirmed' };
    case 'R':
      return { kind: 'committed', outcome: 'rejected', ...(rest === '' ? {} : { reason: rest }) };
    case 'D':
      return { kind: 'duplicate', outcome: outcomeOf(rest) };
    case 'O':
      return { kind: 'duplicate', outcome: outcomeOf(rest), own: true };
    case 'S':
      return { kind: 'stale' };
    default:
      return { kind: 'fault', detail: rest };
  }
}

/** The letter recorded for a processed id. */
export function outcomeOf(letter: string): Outcome {
  if (letter === 'C') return 'confirmed';
  return letter === 'D' ? 'dead' : 'rejected';
}

/** What it takes to address an event. */
export interface EventEdge {
  readonly names: Keys;
  readonly encoder: EffectEncoder;
  readonly layouts: ReadonlyMap<string, Layout>;
}

function encodeEvents(edge: EventEdge, events: readonly RejectableEvent[]): Argument[] {
  const args: Argument[] = [events.length];
  for (const event of events) args.push(...encodeEvent(edge, event), event.bodyAfterReason ?? '');
  return args;
}

/** Key index of the channel's prefix, id, address, headers, body: what append.lua wants, and where. */
export function encodeEvent({ names, encoder, layouts }: EventEdge, event: OutgoingEvent): Argument[] {
  const layout = layouts.get(event.channel);
  if (!layout) throw new Error(`no layout of ${event.channel}`);
  const { bucket, field } = addressOf(event.id, layout);
  const keyIndex = encoder.keyIndex(names.channel(event.channel));
  return [keyIndex, event.id, `${bucket} ${field}`, headersText(event.headers), event.body];
}

async function layoutsOf(
  context: StoreContext,
  ref: GroupRef,
  items: readonly CommitItem[],
): Promise<ReadonlyMap<string, Layout>> {
  const channels = new Set([ref.channel]);
  for (const { events, onReject } of items) {
    for (const { channel } of events) channels.add(channel);
    for (const { channel } of onReject.events) channels.add(channel);
  }
  return layoutsOfChannels(context, channels);
}

export async function layoutsOfChannels(
  context: StoreContext,
  channels: Iterable<string>,
): Promise<ReadonlyMap<string, Layout>> {
  const layouts = new Map<string, Layout>();
  for (const channel of channels) layouts.set(channel, await context.layout(channel));
  return layouts;
}

function* batches(items: readonly CommitItem[]): Generator<readonly CommitItem[]> {
  let batch: CommitItem[] = [];
  let operations = 0;
  for (const item of items) {
    const size =
      item.effects.length + item.events.length + item.onReject.effects.length + item.onReject.events.length;
    if (batch.length > 0 && operations + size > MOST_OPERATIONS_PER_CALL) {
      yield batch;
      batch = [];
      operations = 0;
    }
    batch.push(item);
    operations += size;
  }
  if (batch.length > 0) yield batch;
}
