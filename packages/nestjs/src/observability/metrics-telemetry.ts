import { Injectable } from '@nestjs/common';
import type { EngineNotice, MessageEvent, Telemetry, TimedCall } from '@onlyonce/core';
import { Counter, Histogram, Registry } from 'prom-client';

const GROUP_LABELS = ['channel', 'group'] as const;
type GroupLabel = (typeof GROUP_LABELS)[number];

/** Seconds; from a local round trip to a handler that holds its message for minutes. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];

/**
 * Counts what happens, in a registry of its own. Labels are channel and group and never an id: what has as many
 * values as there are messages does not belong into a label.
 */
@Injectable()
export class MetricsTelemetry implements Telemetry {
  readonly registry = new Registry();
  private readonly received = this.counter('messages_received', 'Messages heard on the channel');
  private readonly won = this.counter('messages_won', 'Locks won');
  private readonly lost = this.counter(
    'messages_lost',
    'Locks another pod won first, or that were lost later',
  );
  private readonly processed = new Counter({
    name: 'onlyonce_messages_processed_total',
    help: 'Messages processed by this pod, by outcome',
    labelNames: [...GROUP_LABELS, 'outcome'],
    registers: [this.registry],
  });
  private readonly duplicates = this.counter(
    'duplicates_refused',
    'Results refused since the message was settled',
  );
  private readonly retries = this.counter('retries', 'Failed attempts that will be repeated');
  private readonly dead = this.counter('dead', 'Messages that became dead letters');
  private readonly recovered = this.counter('recovered', 'Messages found in the backlog instead of heard');
  private readonly released = this.counter('released', 'Messages given back unprocessed');
  private readonly badEnvelopes = this.counter('bad_envelopes', 'Things on the channel that are no envelope');
  private readonly seconds: Readonly<Record<TimedCall, Histogram<GroupLabel>>> = {
    claim: this.duration('claim', 'One claim call'),
    handle: this.duration('handle', 'One run of a handler'),
    commit: this.duration('commit', 'One commit call'),
    publish: this.duration('publish', 'One publish call'),
  };
  private readonly batches: Readonly<Record<Exclude<TimedCall, 'handle'>, Histogram<GroupLabel>>> = {
    claim: this.batch('claim', 'Messages won per claim call'),
    commit: this.batch('commit', 'Messages per commit call'),
    publish: this.batch('publish', 'Messages per publish call'),
  };

  message({ event, channel, group, outcome }: MessageEvent): void {
    switch (event) {
      case 'message.received':
        this.received.inc({ channel, group });
        return;
      case 'lock.won':
        this.won.inc({ channel, group });
        return;
      case 'lock.lost':
        this.lost.inc({ channel, group });
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

  private counter(name: string, help: string): Counter<GroupLabel> {
    return new Counter({
      name: `onlyonce_${name}_total`,
      help,
      labelNames: GROUP_LABELS,
      registers: [this.registry],
    });
  }

  private duration(name: string, help: string): Histogram<GroupLabel> {
    return new Histogram({
      name: `onlyonce_${name}_seconds`,
      help: `${help}, seconds`,
      labelNames: GROUP_LABELS,
      buckets: SECONDS,
      registers: [this.registry],
    });
  }

  private batch(name: string, help: string): Histogram<GroupLabel> {
    return new Histogram({
      name: `onlyonce_${name}_batch_size`,
      help,
      labelNames: GROUP_LABELS,
      buckets: BATCH_SIZES,
      registers: [this.registry],
    });
  }
}
