import type { Bell, Envelope, FeedDetail } from '../ports/feed.js';
import type { ClaimRequest, GroupRef } from '../ports/message-store.js';
import type { ConsumerDeps } from './consumer-deps.js';
import type { ConsumerOptions } from './consumer-options.js';
import { Delivery } from './delivery.js';
import type { InFlight } from './in-flight.js';
import { localDeadline } from './lock-keeper.js';
import { persistently } from './persistent-call.js';

/** How a pod goes from "something was published" to "these are mine". */
export interface Claimer {
  /** What it needs to hear. */
  readonly hears: FeedDetail;
  /** Messages were heard. */
  heard(envelopes: readonly Envelope[]): void;
  /** It was heard that there are these messages; perhaps one of many pods. */
  rung(bells: readonly Bell[]): void;
  /** There may be room again. */
  pump(): void;
  /**
   * Forgets what was heard and not claimed; the backlog has it. Resolves when no claim is under way any more, and what
   * the last one won has been handed on: a lock taken while we leave must be given back, not left to its TTL.
   */
  stop(): Promise<void>;
}

export interface ClaimerHooks {
  /** Resolves at once, or when they have been given back because the pod is leaving. */
  readonly won: (deliveries: readonly Delivery[]) => Promise<void>;
  /** The backlog holds something this pod will not hear of again: read it when there is room. */
  readonly fellBehind: () => void;
}

export interface ClaimerContext {
  readonly deps: ConsumerDeps;
  readonly options: ConsumerOptions;
  readonly ref: GroupRef;
  readonly inFlight: InFlight;
  readonly signal: AbortSignal;
  readonly hooks: ClaimerHooks;
}

/** One claim call, asked again with the same nonce until it is answered, timed from before it was first sent. */
export async function claimCall<T>(
  { deps, options, ref, signal }: ClaimerContext,
  call: (request: ClaimRequest) => Promise<T>,
  batchSize: (answer: T) => number,
): Promise<{ answer: T; askedAtMs: number }> {
  const request = { pod: options.pod, lockTtlMs: options.lockTtlMs, nonce: deps.random.nonce() };
  let askedAtMs = 0;
  const answer = await persistently({ clock: deps.clock, random: deps.random, signal }, () => {
    askedAtMs = deps.clock.monotonicMs();
    return call(request);
  });
  deps.telemetry.timed(
    'claim',
    ref.channel,
    ref.group,
    deps.clock.monotonicMs() - askedAtMs,
    batchSize(answer),
  );
  return { answer, askedAtMs };
}

export function freshDelivery(
  envelope: Envelope,
  token: Delivery['token'],
  lockTtlMs: number,
  askedAtMs: number,
): Delivery {
  return new Delivery(envelope, token, lockTtlMs, askedAtMs, localDeadline(askedAtMs, lockTtlMs));
}
