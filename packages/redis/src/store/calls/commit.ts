import type {
  CommitItem,
  CommitResult,
  GroupRef,
  Outcome,
  OutgoingEvent,
  RejectableEvent,
} from '@onlyonce/core';
import type { Argument } from '../../scripts/argument.js';
import { EffectEncoder } from '../effect-encoder.js';
import { bellOf, entryText } from '../entry-text.js';
import { addressOf } from '../id-address.js';
import type { Keys } from '../keys.js';
import type { Layout } from '../layout.js';
import type { StoreContext } from '../store-context.js';
import { pushBuckets, pushFields } from './addresses.js';

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
  const args: Argument[] = [pod, layout.generationMs, context.settings.recentBatches, items.length];
  const addresses = items.map(({ id }) => addressOf(id, layout));
  for (const { id } of items) args.push(id);
  for (const { entryId } of items) args.push(entryId);
  pushFields(args, addresses);
  for (const { token } of items) args.push(`${token.fence}|${token.nonce}|${token.pod}`);
  for (const { attempt } of items) args.push(attempt);
  pushBuckets(args, addresses);
  for (const arg of encoder.header()) args.push(arg);
  for (const { outcome, reason, effects, events, onReject } of items) {
    args.push(outcome === 'confirmed' ? 'C' : 'R', reason ?? '', 0, 0);
    const accept = args.length;
    encoder.encodeInto(args, effects);
    encodeEvents(args, edge, events);
    const reject = args.length;
    encoder.encodeInto(args, onReject.effects);
    encodeEvents(args, edge, onReject.events);
    args[accept - 2] = reject - accept;
    args[accept - 1] = args.length - reject;
  }
  const reply = (await context.scripts.runPacked('commit', encoder.keys, args)) as string | string[];
  return typeof reply === 'string' ? items.map(() => CONFIRMED) : reply.map(commitResult);
}

const CONFIRMED: CommitResult = Object.freeze({ kind: 'committed', outcome: 'confirmed' });

function commitResult(text: string): CommitResult {
  const rest = text.slice(1);
  switch (text[0]) {
    case 'C':
      return CONFIRMED;
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

function encodeEvents(args: Argument[], edge: EventEdge, events: readonly RejectableEvent[]): void {
  args.push(events.length);
  for (const event of events) args.push(...encodeEvent(edge, event), event.bodyAfterReason ?? '');
}

/** Key index of the channel's prefix, text: what append.lua wants, and where. */
export function encodeEvent({ names, encoder, layouts }: EventEdge, event: OutgoingEvent): Argument[] {
  const layout = layouts.get(event.channel);
  if (!layout) throw new Error(`no layout of ${event.channel}`);
  const keyIndex = encoder.keyIndex(names.channel(event.channel));
  return [keyIndex, entryText(addressOf(event.id, layout), bellOf(event), event.body)];
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
