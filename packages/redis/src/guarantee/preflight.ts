import { messageId, systemRandom, type CommitItem, type MessageStore } from '@onlyonce/core';

/** Names of everything one preflight touches. */
export interface Probe {
  readonly channel: string;
  readonly group: string;
  readonly id: string;
  readonly hash: string;
}

/**
 * Runs every step of the protocol once on a channel of its own, with the real user and rights: a right that is
 * missing shows here and not half way through a commit, since a script is not rolled back (finding F2).
 * @param cleanUp removes every key of the probe
 * @throws StoreRefusedError naming what was refused, StoreUnavailableError when there was no answer
 */
export async function preflight(
  store: MessageStore,
  cleanUp: (probe: Probe) => Promise<void>,
): Promise<void> {
  const nonce = systemRandom.nonce();
  const id = messageId(`probe-${nonce}`);
  const probe = { channel: `preflight-${nonce}`, group: 'probe', id, hash: `preflight-${nonce}-hash` };
  const { channel, hash } = probe;
  const ref = { channel, group: probe.group };
  try {
    await store.register(ref, 'earliest');
    const effects = [{ kind: 'put', key: hash, field: 'units', value: '1' }] as const;
    const [published] = await store.publish(channel, [{ id, body: '{}', headers: {}, effects }]);
    if (published?.kind !== 'accepted')
      throw new Error(`the probe was not accepted: ${published?.kind ?? 'no answer'}`);
    const claim = { pod: 'preflight', lockTtlMs: 10_000, nonce };
    const envelope = { id, entryId: published.entryId, headers: {}, body: '{}' };
    const [won] = await store.claim(ref, claim, [envelope]);
    await store.pull(ref, { ...claim, limit: 1 });
    if (won?.kind !== 'won') throw new Error(`the probe was not won: ${won?.kind ?? 'no answer'}`);
    const held = { id, token: won.token, lockTtlMs: 10_000 };
    await store.extend(ref, [held]);
    await store.release(ref, [held]);
    const scan = { ...claim, limit: 1, olderThanMs: 0, suspectSlots: 1 };
    const [again] = (await store.claimDue(ref, scan)).won;
    if (!again) throw new Error('the probe was not handed out again');
    const failure = {
      id,
      entryId: published.entryId,
      token: again.token,
      error: 'probe',
      maxAttempts: 9,
      delayMs: 0,
    };
    await store.fail(ref, [{ ...failure, kind: 'permanent', onDead: [] }]);
    await store.redrive(ref, [id]);
    const [redriven] = (await store.claimDue(ref, { ...scan, nonce: `${nonce}b` })).won;
    if (!redriven) throw new Error('the probe was not handed out after a redrive');
    await store.commit(ref, [probeCommit(redriven, channel, hash)]);
    await store.ringIfDue(ref);
    await store.prune(channel);
    await store.stats(ref);
  } finally {
    await cleanUp(probe);
  }
}

function probeCommit(
  {
    envelope,
    token,
  }: { envelope: { id: CommitItem['id']; entryId: CommitItem['entryId'] }; token: CommitItem['token'] },
  channel: string,
  hash: string,
): CommitItem {
  return {
    id: envelope.id,
    entryId: envelope.entryId,
    token,
    attempt: 1,
    outcome: 'confirmed',
    effects: [
      { kind: 'take', key: hash, field: 'units', amount: 1, ifMissing: 'missing', ifShort: 'short' },
      { kind: 'remove', key: hash, field: 'units' },
    ],
    events: [{ channel, id: `${envelope.id}:probe:0`, headers: {}, body: '{}' }],
    onReject: { effects: [], events: [] },
  };
}
