import type { ClaimRequest, ClaimResult, Envelope, GroupRef } from '@onlyonce/core';
import { addressOf } from '../id-address.js';
import { tokenOf, type StoreContext } from '../store-context.js';

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
    if (entryTimeMs(envelope.entryId) < oldest) return { kind: 'busy' };
    asked.push(envelope);
    return undefined;
  });
  const args = [request.pod, request.lockTtlMs, request.nonce, layout.generationMs, asked.length];
  const flat: (string | number)[] = args;
  for (const { id, entryId } of asked) {
    const { bucket, field } = addressOf(id, layout);
    flat.push(id, entryId, bucket, field);
  }
  const reply =
    asked.length === 0
      ? []
      : ((await context.scripts.run('claim', [context.groupKey(ref)], flat)) as (string | number)[]);
  let next = 0;
  return results.map((result) => result ?? claimResult(reply[next++], request));
}

function claimResult(answer: string | number | undefined, request: ClaimRequest): ClaimResult {
  if (answer === 0) return { kind: 'busy' };
  if (answer === -1) return { kind: 'done' };
  return { kind: 'won', token: tokenOf(String(answer), request.nonce, request.pod) };
}

function entryTimeMs(entryId: string): number {
  return Number.parseInt(entryId, 10);
}
