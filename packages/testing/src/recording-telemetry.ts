import type { EngineNotice, MessageEvent, MessageEventName, Telemetry, TimedCall } from '@onlyonce/core';

export interface RecordedTiming {
  readonly call: TimedCall;
  readonly channel: string;
  readonly group: string;
  readonly durationMs: number;
  readonly batch: number;
}

interface Watcher {
  readonly matches: (event: MessageEvent) => boolean;
  readonly resolve: (event: MessageEvent) => void;
}

/** Keeps everything the engine tells. */
export class RecordingTelemetry implements Telemetry {
  readonly events: MessageEvent[] = [];
  readonly notices: EngineNotice[] = [];
  readonly timings: RecordedTiming[] = [];
  private watchers: Watcher[] = [];

  message(event: MessageEvent): void {
    this.events.push(event);
    const met = this.watchers.filter(({ matches }) => matches(event));
    this.watchers = this.watchers.filter((watcher) => !met.includes(watcher));
    for (const { resolve } of met) resolve(event);
  }

  notice(notice: EngineNotice): void {
    this.notices.push(notice);
  }

  timed(...[call, channel, group, durationMs, batch]: Parameters<Telemetry['timed']>): void {
    this.timings.push({ call, channel, group, durationMs, batch });
  }

  /** Resolves with the first event that matches, past ones included. Bound it with the test's own deadline. */
  waitFor(matches: (event: MessageEvent) => boolean): Promise<MessageEvent> {
    const past = this.events.find(matches);
    if (past) return Promise.resolve(past);
    return new Promise((resolve) => this.watchers.push({ matches, resolve }));
  }

  /** What happened to one message, in order. */
  historyOf(messageId: string): MessageEventName[] {
    return this.events.filter((event) => event.messageId === messageId).map(({ event }) => event);
  }

  /** All events of one name, in order. */
  named(name: MessageEventName): MessageEvent[] {
    return this.events.filter(({ event }) => event === name);
  }
}
