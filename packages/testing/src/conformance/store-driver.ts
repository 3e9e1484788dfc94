import { expect } from '@jest/globals';
import {
  messageId,
  type ClaimDueRequest,
  type ClaimDueResult,
  type ClaimRequest,
  type CommitItem,
  type CommitResult,
  type Effect,
  type EntryId,
  type Envelope,
  type FailItem,
  type FailResult,
  type GroupRef,
  type HeldItem,
  type LockToken,
  type MessageStore,
  type PublishItem,
  type PublishResult,
  type WonMessage,
} from '@onlyonce/core';
import { SeededRandom } from '../seeded-random.js';
import type { StoreUnderTest } from './store-under-test.js';

/** Long enough for a slow machine, short enough to wait for. */
export const LOCK_TTL_MS = 400;
export const PAST_THE_LOCK_MS = LOCK_TTL_MS + 60;

/** A message together with what its claim holds. */
export interface Claimed {
  readonly envelope: Envelope;
  readonly token: LockToken;
}

/** One message takes effect by adding 1 under its id: the count is the witness of every test. */
const WITNESS = 'witness';

/** Speaks to the store under test in the words of the tests. */
export class StoreDriver {
  readonly ref: GroupRef;
  readonly store: MessageStore;
  private readonly run: string;
  private readonly random: SeededRandom;

  constructor(readonly under: StoreUnderTest) {
    this.random = new SeededRandom(Math.floor(Math.random() * 2 ** 32));
    this.run = this.random.nonce().slice(0, 8);
    this.ref = { channel: `orders.${this.run}`, group: 'stock' };
    this.store = under.backend.store;
  }

  nonce(): string {
    return this.random.nonce();
  }

  /** A name that no other test uses. */
  unique(name: string): string {
    return `${name}.${this.run}`;
  }

  register(ref: GroupRef = this.ref, from: 'earliest' | 'now' = 'earliest'): Promise<void> {
    return this.store.register(ref, from);
  }

  item(id: string, body: unknown = { id }, effects: readonly Effect[] = []): PublishItem {
    return { id: messageId(id), body: JSON.stringify(body), headers: { traceparent: `of-${id}` }, effects };
  }

  async publishItem(item: PublishItem, channel = this.ref.channel): Promise<PublishResult> {
    const [result] = await this.store.publish(channel, [item]);
    if (!result) throw new Error('publish answered nothing');
    return result;
  }

  /** Publishes messages that must all be accepted. @returns what subscribers hear */
  async publish(ids: readonly string[], channel = this.ref.channel): Promise<Envelope[]> {
    const items = ids.map((id) => this.item(id));
    const results = await this.store.publish(channel, items);
    expect(results.map(({ kind }) => kind)).toEqual(ids.map(() => 'accepted'));
    return items.map(({ id, body, headers }, index) => {
      const result = results[index];
      const entryId = result?.kind === 'accepted' ? result.entryId : ('' as EntryId);
      return { id, body, headers, entryId };
    });
  }

  request(pod: string, more: Partial<ClaimRequest> = {}): ClaimRequest {
    return { pod, lockTtlMs: LOCK_TTL_MS, nonce: this.nonce(), ...more };
  }

  /** @returns won, busy or done for each */
  async claimKinds(pod: string, envelopes: readonly Envelope[], ref = this.ref): Promise<string[]> {
    return (await this.store.claim(ref, this.request(pod), envelopes)).map(({ kind }) => kind);
  }

  /** Claims messages that must all be won. */
  async claim(
    pod: string,
    envelopes: readonly Envelope[],
    more: Partial<ClaimRequest> = {},
  ): Promise<Claimed[]> {
    const results = await this.store.claim(this.ref, this.request(pod, more), envelopes);
    expect(results.map(({ kind }) => kind)).toEqual(envelopes.map(() => 'won'));
    return results.flatMap((result, index) => {
      const envelope = envelopes[index];
      return result.kind === 'won' && envelope ? [{ envelope, token: result.token }] : [];
    });
  }

  async publishAndClaim(pod: string, id: string): Promise<Claimed> {
    return one(await this.claim(pod, await this.publish([id])));
  }

  claimDue(pod: string, more: Partial<ClaimDueRequest> = {}, ref = this.ref): Promise<ClaimDueResult> {
    const request = { ...this.request(pod), limit: 100, olderThanMs: 0, suspectSlots: 1, ...more };
    return this.store.claimDue(ref, request);
  }

  /** What a scan of the whole backlog hands out. */
  async recover(pod: string, more: Partial<ClaimDueRequest> = {}, ref = this.ref): Promise<WonMessage[]> {
    const won: WonMessage[] = [];
    let cursor: EntryId | undefined;
    do {
      const page = await this.claimDue(pod, { ...more, cursor }, ref);
      won.push(...page.won);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return won;
  }

  /** Its owner vanishes, and another pod takes it over. */
  async takeOver(pod: string): Promise<WonMessage> {
    await this.under.passMs(PAST_THE_LOCK_MS);
    return one(await this.recover(pod));
  }

  commitItem(claimed: Claimed, more: Partial<CommitItem> = {}): CommitItem {
    const { id, entryId } = claimed.envelope;
    return {
      id,
      entryId,
      token: claimed.token,
      attempt: 1,
      outcome: 'confirmed',
      effects: [{ kind: 'add', key: this.unique(WITNESS), field: id, amount: 1 }],
      events: [],
      onReject: { effects: [], events: [] },
      ...more,
    };
  }

  async commit(claimed: Claimed, more: Partial<CommitItem> = {}, ref = this.ref): Promise<CommitResult> {
    const [result] = await this.store.commit(ref, [this.commitItem(claimed, more)]);
    if (!result) throw new Error('commit answered nothing');
    return result;
  }

  failItem({ envelope, token }: Claimed, more: Partial<FailItem> = {}): FailItem {
    const { id, entryId } = envelope;
    return {
      id,
      entryId,
      token,
      kind: 'retryable',
      error: 'it broke',
      maxAttempts: 5,
      delayMs: 100,
      onDead: [],
      ...more,
    };
  }

  async fail(claimed: Claimed, more: Partial<FailItem> = {}): Promise<FailResult> {
    const [result] = await this.store.fail(this.ref, [this.failItem(claimed, more)]);
    if (!result) throw new Error('fail answered nothing');
    return result;
  }

  held({ envelope, token }: Claimed, lockTtlMs = LOCK_TTL_MS): HeldItem {
    return { id: envelope.id, token, lockTtlMs };
  }

  /** How often each message took effect. */
  async effects(): Promise<Record<string, string>> {
    return this.under.readHash(this.unique(WITNESS));
  }

  /** Sets a field from outside the protocol under test: by the record of a message nobody consumes. */
  async put(key: string, field: string, value: string): Promise<void> {
    const item = this.item(this.nonce(), {}, [{ kind: 'put', key, field, value }]);
    expect(await this.publishItem(item, this.unique('fixtures'))).toMatchObject({ kind: 'accepted' });
  }

  close(): Promise<void> {
    return this.under.close();
  }
}

/** The only element. */
export function one<T>(items: readonly T[]): T {
  expect(items).toHaveLength(1);
  const [first] = items;
  if (first === undefined) throw new Error('there is none');
  return first;
}

export function idsOf(won: readonly { readonly envelope: Envelope }[]): string[] {
  return won.map(({ envelope }) => envelope.id);
}
