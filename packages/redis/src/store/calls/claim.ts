import type { ClaimRequest, ClaimResult, Envelope, GroupRef } from '@onlyonce/core';
import type { Argument } from '../../scripts/argument.js';
import { addressOf } from '../id-address.js';
import type { Layout } from '../layout.js';
import { tokenOf, type StoreContext } from '../store-context.js';
import { pushBuckets, pushFields } from './addresses.js';

const BUSY: ClaimResult = Object.freeze({ kind: 'busy' });
const DONE: ClaimResult = Object.freeze({ kind: 'done' });

/** Claims by id. One reply per envelope, in the order asked. */
export async function claim(
  context: StoreContext,
  ref: GroupRef,
  request: ClaimRequest,
  envelopes: readonly Envelope[],
): Promise<ClaimResult[]> {
  const layout = await context.layout(ref.channel);
  const oldest = Date.now() - context.settings.retentionMs / 2;
  const asked: Envelope[] = [];
  const results: (ClaimResult | undefined)[] = envelopes.map((envelope) => {
    // A copy of an envelope from so long ago that its processed id may be forgotten: only the backlog can tell
    // whether it still waits. Half the retention leaves days for clocks to differ.
    if (entryTimeMs(envelope.entryId) < oldest) return BUSY;
    asked.push(envelope);
    return undefined;
  });
  if (asked.length === 0) return results.map(() => BUSY);
  const { pod, lockTtlMs, nonce } = request;
  const reply = (await context.scripts.runPacked(
    'claim',
    [context.groupKey(ref)],
    messagesOf(asked, layout),
    [pod, lockTtlMs, nonce, layout.generationMs, asked.length, ...wholeAnnouncements(asked)],
  )) as ClaimReply | typeof ALL_BUSY;
  if (reply === ALL_BUSY) return results.map(() => BUSY);
  const answer = answers(reply, request);
  return results.map((result) => result ?? answer());
}

const ALL_BUSY = 'B';

/** A letter per message, the fence before the first of those won, and those won by an earlier call with this nonce. */
type ClaimReply = readonly [letters: string, before: string, ...ownFences: string[]];

/** The announcements of which every message is here: first entry, how many, position of the first (from 1). */
function wholeAnnouncements(asked: readonly Envelope[]): Argument[] {
  const args: Argument[] = [];
  for (let at = 0; at < asked.length;) {
    const announcement = asked[at]?.announcement;
    const from = at;
    do at += 1;
    while (announcement && asked[at]?.announcement === announcement);
    if (announcement?.size === at - from) args.push(announcement.first, announcement.size, from + 1);
  }
  return args;
}

function messagesOf(asked: readonly Envelope[], layout: Layout): Argument[] {
  const flat: Argument[] = [];
  for (const { id } of asked) flat.push(id);
  for (const { entryId } of asked) flat.push(entryId);
  const addresses = asked.map(({ id }) => addressOf(id, layout));
  pushFields(flat, addresses);
  pushBuckets(flat, addresses);
  return flat;
}

/** Reads the answers one after the other. */
function answers([letters, before, ...ownFences]: ClaimReply, request: ClaimRequest): () => ClaimResult {
  let next = 0;
  let won = 0;
  let own = 0;
  const fenceBefore = Number(before);
  return () => {
    switch (letters[next++]) {
      case 'w':
        return wonResult(String(fenceBefore + ++won), request);
      case 'o':
        return wonResult(ownFences[own++] ?? '', request);
      case 'd':
        return DONE;
      default:
        return BUSY;
    }
  };
}

function wonResult(fence: string, request: ClaimRequest): ClaimResult {
  return { kind: 'won', token: tokenOf(fence, request.nonce, request.pod) };
}

function entryTimeMs(entryId: string): number {
  return Number.parseInt(entryId, 10);
}
