import type { Clock, EntryId, Envelope, GroupRef, Headers, MessageId } from '@onlyonce/core';
import { EffectSpace } from './effect-space.js';
import { GroupState, type LogEntry } from './group-state.js';

export interface Listener {
  readonly channel: string;
  envelopes(envelopes: readonly Envelope[]): void;
  doorbell(): void;
}

interface ChannelState {
  /** Groups whose backlog gets what is published. */
  readonly registered: Set<string>;
  readonly groups: Map<string, GroupState>;
  /** Producer side: id by what was published under it. */
  readonly ids: Map<string, { readonly fingerprint: string; readonly issuedAtMs: number }>;
  unrouted: LogEntry[];
}

export interface DatabaseOptions {
  readonly clock: Clock;
  /** How long ids are remembered, milliseconds. Default 7 days. */
  readonly horizonMs?: number;
  /** How long a silent pod counts as live, milliseconds. Default 30,000. */
  readonly silentPodMs?: number;
}

const SEVEN_DAYS_MS = 7 * 24 * 3_600_000;

/** What all pods share: the "server". Every step of the protocol runs on it from start to end, undisturbed. */
export class InMemoryDatabase {
  readonly effects: EffectSpace;
  readonly listeners = new Set<Listener>();
  readonly horizonMs: number;
  readonly silentPodMs: number;
  readonly locks = new Map<string, { readonly value: string; readonly untilMs: number }>();
  private readonly channels = new Map<string, ChannelState>();
  private readonly clock: Clock;
  private position = 0;
  private steppedByMs = 0;

  constructor(options: DatabaseOptions) {
    this.clock = options.clock;
    this.horizonMs = options.horizonMs ?? SEVEN_DAYS_MS;
    this.silentPodMs = options.silentPodMs ?? 30_000;
    this.effects = new EffectSpace(this.nowMs);
  }

  /** The server's own clock, the only one that judges. */
  readonly nowMs = (): number => this.clock.wallMs() + this.steppedByMs;

  /** Steps the server's clock, forwards or back, while everybody else's goes on. */
  stepClock(ms: number): void {
    this.steppedByMs += ms;
  }

  channel(name: string): ChannelState {
    const known = this.channels.get(name);
    if (known) return known;
    const made: ChannelState = { registered: new Set(), groups: new Map(), ids: new Map(), unrouted: [] };
    this.channels.set(name, made);
    return made;
  }

  group(ref: GroupRef): GroupState {
    const { groups } = this.channel(ref.channel);
    const known = groups.get(ref.group);
    if (known) return known;
    const made = new GroupState(ref, this.nowMs);
    groups.set(ref.group, made);
    return made;
  }

  /** Appends to the backlog of every group, and tells who listens. */
  append(
    channelName: string,
    messages: readonly { id: MessageId; body: string; headers: Headers; issuedAtMs: number }[],
  ): LogEntry[] {
    const channel = this.channel(channelName);
    const entries = messages.map((message) => this.entry(message));
    for (const entry of entries) {
      if (channel.registered.size === 0) channel.unrouted.push(entry);
      for (const group of channel.registered) this.group({ channel: channelName, group }).append(entry);
    }
    if (entries.length > 0)
      this.tell(channelName, (listener) => {
        listener.envelopes(entries);
      });
    return entries;
  }

  entry(message: { id: MessageId; body: string; headers: Headers; issuedAtMs: number }): LogEntry {
    this.position += 1;
    const appendedAtMs = this.nowMs();
    const entryId = `${appendedAtMs}-${this.position}` as EntryId;
    return { ...message, entryId, position: this.position, appendedAtMs };
  }

  ring(channel: string): void {
    this.tell(channel, (listener) => {
      listener.doorbell();
    });
  }

  /** As after FLUSHALL: nothing is left, whoever is connected stays so. */
  loseEverything(): void {
    this.channels.clear();
    this.locks.clear();
    this.effects.clear();
  }

  private tell(channel: string, say: (listener: Listener) => void): void {
    for (const listener of this.listeners) if (listener.channel === channel) say(listener);
  }
}
