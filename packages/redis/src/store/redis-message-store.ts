import type { Cluster, Redis } from 'ioredis';
import {
  StoreUnavailableError,
  type BacklogStats,
  type ClaimDueRequest,
  type ClaimDueResult,
  type ClaimRequest,
  type ClaimResult,
  type CommitItem,
  type CommitResult,
  type Envelope,
  type FailItem,
  type FailResult,
  type GroupRef,
  type HeldItem,
  type InboxPage,
  type InboxState,
  type MessageId,
  type MessageStore,
  type PruneResult,
  type PublishItem,
  type PublishResult,
  type WonMessage,
} from '@onlyonce/core';
import { withDeadline } from '../call-deadline.js';
import { translateError } from '../errors/translate-error.js';
import type { ScriptRunner } from '../scripts/script-runner.js';
import { claim } from './calls/claim.js';
import { commit } from './calls/commit.js';
import { fail } from './calls/fail.js';
import { claimDue, pull } from './calls/hand-out.js';
import { Inspector } from './calls/inspect.js';
import { publish } from './calls/publish.js';
import type { Keys } from './keys.js';
import { planLayout } from './layout.js';
import { StoreContext, type StoreSettings } from './store-context.js';

/** Buckets one prune call removes at most: a few milliseconds of the server's time. */
const BUCKETS_PER_PRUNE = 2_000;

export interface RedisMessageStoreOptions extends StoreSettings {
  readonly expectedMessagesPerSecond: number;
  /** Replicas that must have a message before publish answers; 0 for none. */
  readonly waitReplicas: number;
  /** How long to wait for them, milliseconds. */
  readonly waitTimeoutMs: number;
}

/** The protocol on one Redis: each call is one Lua script. Clients are lent and never closed here. */
export class RedisMessageStore implements MessageStore {
  private readonly context: StoreContext;
  private readonly publishing: StoreContext;
  private readonly inspector: Inspector;

  constructor(
    private readonly lent: {
      readonly client: Redis | Cluster;
      readonly scripts: ScriptRunner;
      /**
       * The connection publish runs on: WAIT speaks of the writes of its own connection, and blocks it, so with
       * replicas to wait for it is one of its own.
       */
      readonly publisher: Redis | Cluster;
      readonly publisherScripts: ScriptRunner;
    },
    private readonly names: Keys,
    private readonly options: RedisMessageStoreOptions,
  ) {
    const plan = planLayout(options.expectedMessagesPerSecond, options.retentionMs);
    this.context = new StoreContext(lent.scripts, names, options, plan);
    this.publishing =
      lent.publisherScripts === lent.scripts
        ? this.context
        : new StoreContext(lent.publisherScripts, names, options, plan);
    this.inspector = new Inspector(lent.client, this.context);
  }

  async register({ channel, group }: GroupRef, from: 'earliest' | 'now'): Promise<void> {
    await this.context.register(channel, group, from === 'earliest');
  }

  async publish(channel: string, items: readonly PublishItem[]): Promise<PublishResult[]> {
    const { waitReplicas } = this.options;
    const results = await publish(this.publishing, channel, items, waitReplicas > 0);
    if (waitReplicas > 0) await this.waitForReplicas();
    return results;
  }

  claim(ref: GroupRef, request: ClaimRequest, envelopes: readonly Envelope[]): Promise<ClaimResult[]> {
    return claim(this.context, ref, request, envelopes);
  }

  pull(ref: GroupRef, request: ClaimRequest & { readonly limit: number }): Promise<WonMessage[]> {
    return pull(this.context, ref, request);
  }

  claimDue(ref: GroupRef, request: ClaimDueRequest): Promise<ClaimDueResult> {
    return claimDue(this.context, ref, request);
  }

  commit(ref: GroupRef, items: readonly CommitItem[]): Promise<CommitResult[]> {
    return commit(this.context, ref, items);
  }

  fail(ref: GroupRef, items: readonly FailItem[]): Promise<FailResult[]> {
    return fail(this.context, ref, items);
  }

  async extend(ref: GroupRef, items: readonly HeldItem[]): Promise<MessageId[]> {
    const args: (string | number)[] = [items.length];
    for (const { id, token, lockTtlMs } of items)
      args.push(id, token.fence, token.nonce, token.pod, lockTtlMs);
    return idsOf(await this.context.scripts.run('extend', [this.context.groupKey(ref)], args));
  }

  async release(ref: GroupRef, items: readonly HeldItem[]): Promise<void> {
    const args: (string | number)[] = [items.length];
    for (const { id, token } of items) args.push(id, token.fence, token.nonce, token.pod);
    await this.context.scripts.run('release', this.groupAndChannel(ref), args);
  }

  async redrive(ref: GroupRef, ids: readonly MessageId[]): Promise<MessageId[]> {
    const { generationMs } = await this.context.layout(ref.channel);
    return idsOf(
      await this.context.scripts.run('redrive', this.groupAndChannel(ref), [generationMs, ...ids]),
    );
  }

  async ringIfDue(ref: GroupRef): Promise<boolean> {
    return (await this.context.scripts.run('ring-if-due', this.groupAndChannel(ref), [])) === 1;
  }

  async prune(channel: string): Promise<PruneResult> {
    const { retentionMs } = this.options;
    const horizonMs = Number.isFinite(retentionMs) ? retentionMs : 0;
    const keys = [this.names.channel(channel)];
    const reply = (await this.context.scripts.run('prune', keys, [horizonMs, BUCKETS_PER_PRUNE])) as [
      number,
      number,
    ];
    return { removed: reply[0], finished: reply[1] === 1 };
  }

  inspect(ref: GroupRef, state: InboxState, cursor: string | undefined, limit: number): Promise<InboxPage> {
    return this.inspector.list(ref, state, cursor, limit);
  }

  stats(ref: GroupRef): Promise<BacklogStats> {
    return this.inspector.stats(ref);
  }

  private groupAndChannel(ref: GroupRef): [string, string] {
    return [this.context.groupKey(ref), this.names.channel(ref.channel)];
  }

  private async waitForReplicas(): Promise<void> {
    const { waitReplicas, waitTimeoutMs } = this.options;
    let confirmed: number;
    try {
      const waiting = this.lent.publisher.wait(waitReplicas, waitTimeoutMs);
      confirmed = await withDeadline(waiting, waitTimeoutMs + 500, 'wait');
    } catch (error) {
      throw translateError(error, 'wait');
    }
    if (confirmed < waitReplicas) {
      // It is in the backlog, but not where a failover would find it: to the caller that is "not known yet".
      throw new StoreUnavailableError(
        `${confirmed} of ${waitReplicas} replicas confirmed within ${waitTimeoutMs} ms`,
      );
    }
  }
}

function idsOf(reply: unknown): MessageId[] {
  return reply as MessageId[];
}
