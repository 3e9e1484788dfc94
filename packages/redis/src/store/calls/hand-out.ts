import type {
  ClaimDueRequest,
  ClaimDueResult,
  ClaimRequest,
  Envelope,
  GroupRef,
  MessageId,
  WonMessage,
} from '@onlyonce/core';
import { readEntryText } from '../entry-text.js';
import { headersFrom } from '../headers.js';
import { entryIdOf, tokenOf, type StoreContext } from '../store-context.js';

/** In place of the number of live pods, when the store does not know the group. */
const UNREGISTERED = -1;
/** Entries one call looks at: keeps it short however many of them are in flight elsewhere. */
const MOST_ENTRIES_PER_CALL = 1_024;

type PulledRow = readonly [id: string, entry: string, headers: string, body: string, fence: string];
type DueReply = [cursor: string, livePods: number, podIndex: number, ...rows: DueRow[]];
type DueRow = readonly [
  ...PulledRow,
  failures: number,
  takeovers: number,
  ttlMs: number,
  previousPod: string,
];

/** The next messages that pull has not handed out yet. */
export async function pull(
  context: StoreContext,
  ref: GroupRef,
  request: ClaimRequest & { readonly limit: number },
): Promise<WonMessage[]> {
  const layout = await context.layout(ref.channel);
  const args = [request.pod, request.lockTtlMs, nonceOf(request), layout.generationMs, request.limit];
  const reply = (await context.scripts.run('pull', [context.groupKey(ref)], args)) as string[];
  const before = Number(reply[0]);
  const won: WonMessage[] = [];
  for (let at = 1; at + 1 < reply.length; at += 2) {
    const { id, headers, body } = readEntryText(reply[at + 1] ?? '');
    won.push({
      ...handedOut([id, reply[at] ?? '', headers, body, String(before + won.length + 1)], request),
      failures: 0,
      takeovers: 0,
      lockTtlMs: request.lockTtlMs,
    });
  }
  return won;
}

/** Due retries, and log entries whose owner vanished or nobody heard of. */
export async function claimDue(
  context: StoreContext,
  ref: GroupRef,
  request: ClaimDueRequest,
): Promise<ClaimDueResult> {
  let reply = await askForDue(context, ref, request);
  if (reply[1] === UNREGISTERED) {
    // Somebody emptied the store under us. What is published now must find its group again.
    await context.register(ref.channel, ref.group, true);
    reply = await askForDue(context, ref, request);
  }
  const [cursor, livePods, podIndex, ...rows] = reply;
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
  return { won, cursor: cursor === '' ? undefined : entryIdOf(cursor), livePods, podIndex };
}

async function askForDue(context: StoreContext, ref: GroupRef, request: ClaimDueRequest): Promise<DueReply> {
  const layout = await context.layout(ref.channel);
  const keys = [context.groupKey(ref), `${context.names.channel(ref.channel)}groups`];
  const args = [
    request.pod,
    request.lockTtlMs,
    nonceOf(request),
    layout.generationMs,
    request.limit,
    request.olderThanMs,
    request.cursor ?? '',
    request.suspectSlots,
    MOST_ENTRIES_PER_CALL,
    context.settings.podTimeoutMs,
    ref.group,
  ];
  return (await context.scripts.run('claim-due', keys, args)) as DueReply;
}

/** The mark says that the script which wrote the lock read the message from the log: commit.lua looks for it. */
function nonceOf({ nonce }: ClaimRequest): string {
  return `${nonce}+`;
}

function handedOut(
  row: PulledRow | DueRow,
  request: ClaimRequest,
): { envelope: Envelope; token: WonMessage['token'] } {
  const [id, entry, headers, body, fence] = row;
  return {
    envelope: {
      // Not checked again: an id written by hand that would not pass must not stop what stands beside it.
      id: id as MessageId,
      entryId: entryIdOf(entry),
      headers: headersFrom(headers),
      body,
    },
    token: tokenOf(fence, nonceOf(request), request.pod),
  };
}
