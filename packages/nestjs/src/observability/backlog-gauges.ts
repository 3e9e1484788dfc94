import { Injectable } from '@nestjs/common';
import type { BacklogStats, GroupRef } from '@onlyonce/core';
import type { Gauge } from 'prom-client';
import { Consumers } from '../handlers/consumers.js';
import { Runtime } from '../runtime.js';
import { makeGauge } from './make-metric.js';
import { MetricsTelemetry } from './metrics-telemetry.js';

/** A scrape waits no longer than this for the store. */
const READ_WITHIN_MS = 1_000;

/** How much is waiting, read from the store when somebody asks. While the store is away the last values stand. */
@Injectable()
export class BacklogGauges {
  private refreshing: Promise<void> | undefined;
  private readonly depth: GroupGauge;
  private readonly oldestAge: GroupGauge;
  private readonly processing: GroupGauge;
  private readonly retrying: GroupGauge;
  private readonly dead: GroupGauge;
  private readonly livePods: GroupGauge;

  constructor(
    private readonly runtime: Runtime,
    private readonly consumers: Consumers,
    { registry }: MetricsTelemetry,
  ) {
    this.depth = makeGauge(registry, 'onlyonce_backlog_depth');
    this.oldestAge = makeGauge(registry, 'onlyonce_backlog_oldest_age_seconds');
    this.processing = makeGauge(registry, 'onlyonce_processing');
    this.retrying = makeGauge(registry, 'onlyonce_retrying');
    this.dead = makeGauge(registry, 'onlyonce_dead_letters');
    this.livePods = makeGauge(registry, 'onlyonce_live_pods');
  }

  /** Reads anew, within a second. Scrapes that come meanwhile share one reading. */
  refresh(): Promise<void> {
    this.refreshing ??= this.read().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async read(): Promise<void> {
    const { clock, options } = this.runtime;
    if (!options.backend.available) return;
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(READ_WITHIN_MS, resolve);
    });
    await Promise.race([Promise.all(this.consumers.refs.map((ref) => this.readGroup(ref))), late]);
    cancel();
  }

  private async readGroup(ref: GroupRef): Promise<void> {
    try {
      this.set(ref, await this.runtime.store.stats(ref));
    } catch (error) {
      const fields = { ...ref, error: String(error) };
      this.runtime.telemetry.notice({
        level: 'debug',
        event: 'engine.stats_failed',
        message: 'the gauges of the backlog keep their last values',
        fields,
      });
    }
  }

  private set({ channel, group }: GroupRef, stats: BacklogStats): void {
    const labels = { channel, group };
    this.depth.set(labels, stats.depth);
    this.oldestAge.set(labels, stats.oldestAgeMs / 1_000);
    this.processing.set(labels, stats.processing);
    this.retrying.set(labels, stats.retrying);
    this.dead.set(labels, stats.dead);
    this.livePods.set(labels, stats.livePods);
  }
}

type GroupGauge = Gauge<'channel' | 'group'>;
