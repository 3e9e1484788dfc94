import type { ClaimRequest, ClaimResult, Envelope, LockToken, WonMessage } from '@onlyonce/core';
import type { GroupState, LogEntry } from './group-state.js';

/** Takes, or refuses, messages just heard of. Whatever has a history is busy here and left to claim-due. */
export function claimStep(
  group: GroupState,
  request: ClaimRequest,
  items: readonly Envelope[],
): ClaimResult[] {
  group.heartbeat(request.pod);
  const taken = new Set<string>();
  return items.map(({ id }) => {
    if (group.done.has(id)) return { kind: 'done' };
    const owner = group.owner(id);
    const token = owner ?? (taken.has(id) || !fresh(group, id) ? undefined : take(group, request, id));
    if (token?.nonce !== request.nonce || taken.has(id)) return { kind: 'busy' };
    taken.add(id);
    return { kind: 'won', token };
  });
}

/** Hands out the next messages that were never handed out by pull, with their bodies. */
export function pullStep(
  group: GroupState,
  request: ClaimRequest & { readonly limit: number },
): WonMessage[] {
  group.heartbeat(request.pod);
  const won = wonBefore(group, request);
  for (const entry of group.log.values()) {
    if (won.length >= request.limit) break;
    if (entry.position <= group.pulledTo) continue;
    group.pulledTo = entry.position;
    if (group.done.has(entry.id)) group.removeEntry(entry.id);
    else if (!group.owner(entry.id) && fresh(group, entry.id))
      won.push(wonMessage(entry, take(group, request, entry.id), request));
  }
  return won;
}

/** What the same call won when its answer was lost. */
function wonBefore(group: GroupState, request: ClaimRequest): WonMessage[] {
  const won: WonMessage[] = [];
  for (const id of group.lockedIds()) {
    const token = group.owner(id);
    const entry = group.entry(id);
    if (token?.nonce === request.nonce && entry) won.push(wonMessage(entry, token, request));
  }
  return won;
}

function wonMessage(entry: LogEntry, token: LockToken, { lockTtlMs }: ClaimRequest): WonMessage {
  return { envelope: entry, token, failures: 0, takeovers: 0, lockTtlMs };
}

/** Never failed, never handed out, and in the backlog: an envelope made by hand names nothing that is there. */
function fresh(group: GroupState, id: string): boolean {
  return (
    group.entry(id) !== undefined && !group.held.has(id) && !group.retry.has(id) && !group.histories.has(id)
  );
}

function take(group: GroupState, request: ClaimRequest, id: string): LockToken {
  const token = { fence: group.nextFence(), nonce: request.nonce, pod: request.pod };
  group.lock(id, token, request.lockTtlMs);
  group.held.set(id, { token, attempt: 1, sinceMs: group.nowMs() });
  return token;
}
