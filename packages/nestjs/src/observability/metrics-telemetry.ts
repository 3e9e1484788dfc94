import { Injectable } from '@nestjs/common';
import type { EngineNotice, MessageEvent, PublishResult, Telemetry, TimedCall } from '@onlyonce/core';
import { Registry, type Histogram } from 'prom-client';
import { makeCounter, makeHistogram } from './make-metric.js';

type GroupLabel = 'channel' | 'group';

/** Counts what happens, in a registry of its own. What there is: metric-definitions.ts. */
@Injectable()
export class MetricsTelemetry implements Telemetry {
  readonly registry = new Registry();
  private readonly received = makeCounter(this.registry, 'onlyonce_messages_received_total');
  private readonly won = makeCounter(this.registry, 'onlyonce_messages_won_total');
  private readonly lost = makeCounter(this.registry, 'onlyonce_messages_lost_total');
  private readonly lostLater = makeCounter(this.registry, 'onlyonce_locks_lost_while_processing_total');
  private readonly processed = makeCounter(this.registry, 'onlyonce_messages_processed_total');
  private readonly duplicates = makeCounter(this.registry, 'onlyonce_duplicates_refused_total');
  private readonly retries = makeCounter(this.registry, 'onlyonce_retries_total');
  private readonly dead = makeCounter(this.registry, 'onlyonce_dead_total');
  private readonly recovered = makeCounter(this.registry, 'onlyonce_recovered_total');
  private readonly takeovers = makeCounter(this.registry, 'onlyonce_takeovers_total');
  private readonly released = makeCounter(this.registry, 'onlyonce_released_total');
  private readonly badEnvelopes = makeCounter(this.registry, 'onlyonce_bad_envelopes_total');
  private readonly publications = makeCounter(this.registry, 'onlyonce_published_total');
  private readonly publishToEffect = makeHistogram(this.registry, 'onlyonce_publish_to_effect_seconds');
  private readonly seconds: Readonly<Record<TimedCall, Histogram<GroupLabel>>> = {
    claim: makeHistogram(this.registry, 'onlyonce_claim_seconds'),
    handle: makeHistogram(this.registry, 'onlyonce_handle_seconds'),
    commit: makeHistogram(this.registry, 'onlyonce_commit_seconds'),
    publish: makeHistogram(this.registry, 'onlyonce_publish_seconds'),
  };
  private readonly batches: Readonly<Record<Exclude<TimedCall, 'handle'>, Histogram<GroupLabel>>> = {
    claim: makeHistogram(this.registry, 'onlyonce_claim_batch_size'),
    commit: makeHistogram(this.registry, 'onlyonce_commit_batch_size'),
    publish: makeHistogram(this.registry, 'onlyonce_publish_batch_size'),
  };

  message({ event, channel, group, attempt, outcome, previousPod, sincePublishedMs }: MessageEvent): void {
    if (sincePublishedMs !== undefined) {
      this.publishToEffect.observe({ channel, group }, sincePublishedMs / 1_000);
    }
    switch (event) {
      case 'message.received':
        this.received.inc({ channel, group });
        return;
      case 'lock.won':
        this.won.inc({ channel, group });
        return;
      case 'lock.lost':
        this.lost.inc({ channel, group });
        // With an attempt it is a lock that this pod had: it ran out, or was taken over, while the handler worked.
        if (attempt !== undefined) this.lostLater.inc({ channel, group });
        return;
      case 'message.processed':
        this.processed.inc({ channel, group, outcome: outcome ?? 'confirmed' });
        return;
      case 'message.rejected':
        this.processed.inc({ channel, group, outcome: 'rejected' });
        return;
      case 'message.duplicate':
        this.duplicates.inc({ channel, group });
        return;
      case 'message.retry':
        this.retries.inc({ channel, group });
        return;
      case 'message.dead':
        this.dead.inc({ channel, group });
        return;
      case 'message.recovered':
        this.recovered.inc({ channel, group });
        if (previousPod !== undefined) this.takeovers.inc({ channel, group });
        return;
      case 'message.released':
        this.released.inc({ channel, group });
        return;
      default:
        event satisfies never;
    }
  }

  notice({ event, fields }: EngineNotice): void {
    if (event !== 'engine.bad_envelope') return;
    this.badEnvelopes.inc({ channel: String(fields?.['channel']), group: String(fields?.['group']) });
  }

  // eslint-disable-next-line no-restricted-syntax -- core's Telemetry has these five
  timed(call: TimedCall, channel: string, group: string, durationMs: number, batch: number): void {
    this.seconds[call].observe({ channel, group }, durationMs / 1_000);
    if (call !== 'handle') this.batches[call].observe({ channel, group }, batch);
  }

  published(channel: string, result: PublishResult['kind']): void {
    this.publications.inc({ channel, result });
  }
}
