import type {
  BacklogStats,
  ClaimDueRequest,
  ClaimDueResult,
  ClaimRequest,
  ClaimResult,
  CommitItem,
  CommitResult,
  Envelope,
  FailItem,
  FailResult,
  GroupRef,
  HeldItem,
  InboxPage,
  InboxState,
  MessageId,
  MessageStore,
  PruneResult,
  PublishItem,
  PublishResult,
  WonMessage,
} from '@onlyonce/core';
import type { CallFaults } from './call-faults.js';
import { claimDueStep } from './claim-due-step.js';
import { claimStep, pullStep } from './claim-step.js';
import { commitStep } from './commit-step.js';
import { failStep } from './fail-step.js';
import { extendStep, releaseStep } from './held-steps.js';
import type { InMemoryDatabase } from './in-memory-database.js';
import { inspectStep, statsStep } from './inspect-step.js';
import { pruneStep } from './prune-step.js';
import { publishStep } from './publish-step.js';
import { redriveStep } from './redrive-step.js';
import { registerStep } from './register-step.js';

/** The executable model of the protocol's store: each call is one step, taken as a whole. */
export class InMemoryStore implements MessageStore {
  constructor(
    private readonly db: InMemoryDatabase,
    private readonly faults: CallFaults,
  ) {}

  register(ref: GroupRef, from: 'earliest' | 'now'): Promise<void> {
    return this.faults.around('register', () => {
      registerStep(this.db, ref, from);
    });
  }

  publish(channel: string, items: readonly PublishItem[]): Promise<PublishResult[]> {
    return this.faults.around('publish', () => publishStep(this.db, channel, items));
  }

  claim(ref: GroupRef, request: ClaimRequest, items: readonly Envelope[]): Promise<ClaimResult[]> {
    return this.faults.around('claim', () => claimStep(this.db.group(ref), request, items));
  }

  pull(ref: GroupRef, request: ClaimRequest & { readonly limit: number }): Promise<WonMessage[]> {
    return this.faults.around('pull', () => pullStep(this.db.group(ref), request));
  }

  claimDue(ref: GroupRef, request: ClaimDueRequest): Promise<ClaimDueResult> {
    return this.faults.around('claimDue', () =>
      claimDueStep(this.db.group(ref), request, this.db.silentPodMs),
    );
  }

  extend(ref: GroupRef, items: readonly HeldItem[]): Promise<MessageId[]> {
    return this.faults.around('extend', () => extendStep(this.db.group(ref), items));
  }

  release(ref: GroupRef, items: readonly HeldItem[]): Promise<void> {
    return this.faults.around('release', () => {
      if (releaseStep(this.db.group(ref), items) > 0) this.db.ring(ref.channel);
    });
  }

  commit(ref: GroupRef, items: readonly CommitItem[]): Promise<CommitResult[]> {
    return this.faults.around('commit', () => commitStep(this.db, this.db.group(ref), items));
  }

  fail(ref: GroupRef, items: readonly FailItem[]): Promise<FailResult[]> {
    return this.faults.around('fail', () => failStep(this.db, this.db.group(ref), items));
  }

  redrive(ref: GroupRef, ids: readonly MessageId[]): Promise<MessageId[]> {
    return this.faults.around('redrive', () => redriveStep(this.db, this.db.group(ref), ids));
  }

  ringIfDue(ref: GroupRef): Promise<boolean> {
    return this.faults.around('ringIfDue', () => {
      const due = [...this.db.group(ref).retry.values()].some((dueMs) => dueMs <= this.db.nowMs());
      if (due) this.db.ring(ref.channel);
      return due;
    });
  }

  prune(channel: string): Promise<PruneResult> {
    return this.faults.around('prune', () => pruneStep(this.db, channel));
  }

  inspect(ref: GroupRef, state: InboxState, cursor: string | undefined, limit: number): Promise<InboxPage> {
    return this.faults.around('inspect', () => inspectStep(this.db.group(ref), state, cursor, limit));
  }

  stats(ref: GroupRef): Promise<BacklogStats> {
    return this.faults.around('stats', () => statsStep(this.db.group(ref), this.db.silentPodMs));
  }
}
