import type {
  ClaimDueRequest,
  ClaimDueResult,
  ClaimRequest,
  Envelope,
  GroupRef,
  MessageId,
  WonMessage,
} from '@onlyonce/core';
import { headersFrom } from '../headers.js';
import { entryIdOf, tokenOf, type StoreContext } from '../store-context.js';

/** Entries one call looks at: keeps it short however many of them are in flight elsewhere. */
const MOST_ENTRIES_PER_CALL = 1_024;

type PulledRow = readonly [id: string, entry: string, headers: string, body: string, fence: string];
type DueRow = readonly [...PulledRow, failures: number, takeovers: number, ttlMs: number, previousPod: string];

/** The next messages that pull has not handed out yet. */
export async function pull(
  context: StoreContext,
  ref: GroupRef,
  request: ClaimRequest & { readonly limit: number },
): Promise<WonMessage[]> {
  const layout = await context.layout(ref.channel);
  const args = [request.pod, request.lockTtlMs, request.nonce, layout.generationMs, request.limit];
  const rows = (await context.scripts.run('pull', [context.groupKey(ref)], args)) as PulledRow[];
  return rows.map((row) => ({
    ...handedOut(row, request),
    failures: 0,
    takeovers: 0,
    lockTtlMs: request.lockTtlMs,
  }));
}

/** Due retries, and log entries whose owner vanished or nobody heard of. */
export async function claimDue(context: StoreContext, ref: GroupRef, request: ClaimDueRequest): Promise<ClaimDueResult> {
  const layout = await context.layout(ref.channel);
  const reply = (await context.scripts.run(
    'claim-due',
    [context.groupKey(ref)],
    [
      request.pod,
      request.lockTtlMs,
      request.nonce,
      layout.generationMs,
      request.limit,
      request.olderThanMs,
      request.cursor ?? '',
      request.suspectSlots,
      MOST_ENTRIES_PER_CALL,
      context.settings.podTimeoutMs,
    ],
  )) as [cursor: string, livePods: number, ...rows: DueRow[]];
  const [cursor, livePods, ...rows] = reply;
  const won = rows.map((row): WonMessage => {
    const [, , , , , failures, takeovers, lockTtlMs, previousPod] = row;
    return {
      ...handedOut(row, request),
      failures,
      takeovers,
      lockTtlMs,
      ...(previousPod === '' ? {} : { previousPod }),
    };
  });
  return { won, cursor: cursor === '' ? undefined : entryIdOf(cursor), livePods };
}

function handedOut(row: PulledRow | DueRow, request: ClaimRequest): { envelope: Envelope; token: WonMessage['token'] } {
  const [id, entry, headers, body, fence] = row;
  return {
    envelope: { // Not checked again: an id written by hand that would not pass must not stop what stands beside it.
      id: id as MessageId,
      entryId: entryIdOf(entry), headers: headersFrom(headers), body },
    token: tokenOf(fence, request.nonce, request.pod),
  };
}
