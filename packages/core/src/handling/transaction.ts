import { InvalidInputError } from '../errors.js';
import { checkedName } from '../ids.js';
import type { Headers } from '../ports/feed.js';
import type { Effect, OutgoingEvent, RejectableEvent } from './effects.js';

const MAX_INTEGER = Number.MAX_SAFE_INTEGER;
const NONE: readonly never[] = [];

/** Changes of one hash; see {@link Effect} for what each does. */
export interface HashEffects {
  /** Takes `amount` units if at least that many are there; otherwise the message is rejected with the reason given. */
  take(field: string, amount: number, otherwise: { ifMissing: string; ifShort: string }): this;
  add(field: string, amount: number): this;
  put(fields: Readonly<Record<string, string | number>>): this;
  remove(field: string): this;
  requireAbsent(field: string, otherwise: string): this;
  requireSameOrAbsent(field: string, value: string, otherwise: string): this;
  requireBelowOrAbsent(field: string, bound: number, otherwise: string): this;
  /** Lets the whole hash disappear after `ttlMs` milliseconds. */
  expire(ttlMs: number): this;
}

/** Changes without conditions, and of other types than hashes. */
export interface EffectSet {
  hash(key: string): HashEffects;
  addMember(key: string, member: string): void;
  removeMember(key: string, member: string): void;
  rank(key: string, member: string, score: number): void;
  push(key: string, value: string): void;
}

/** Stands for the reason in an event that tells of a rejection; the store fills it in. */
export interface ReasonPlaceholder {
  toJSON(): string;
}

/**
 * What a handler declares to happen. Nothing is sent while the handler runs: everything declared is applied in
 * one atomic step together with the processed id, or not at all.
 */
export interface Transaction extends EffectSet {
  /** Publishes `body` (anything JSON can carry) in the same atomic step. */
  emit(channel: string, body: unknown): void;
  /** What happens instead if the message is rejected: by a guard here, or by a BusinessRejection thrown. */
  readonly ifRejected: {
    hash(key: string): HashEffects;
    emit(channel: string, body: (reason: ReasonPlaceholder) => unknown): void;
  };
}

export class EffectList implements EffectSet {
  readonly effects: Effect[] = [];

  hash(key: string): HashEffects {
    return new HashEffectList(this.effects, checkedKey(key));
  }
  addMember(key: string, member: string): void {
    this.effects.push({ kind: 'addMember', key: checkedKey(key), member });
  }
  removeMember(key: string, member: string): void {
    this.effects.push({ kind: 'removeMember', key: checkedKey(key), member });
  }
  rank(key: string, member: string, score: number): void {
    if (!Number.isFinite(score)) throw new InvalidInputError('score', 'must be a finite number');
    this.effects.push({ kind: 'rank', key: checkedKey(key), member, score });
  }
  push(key: string, value: string): void {
    this.effects.push({ kind: 'push', key: checkedKey(key), value });
  }
}

class HashEffectList implements HashEffects {
  constructor(
    private readonly effects: Effect[],
    private readonly key: string,
  ) {}

  take(field: string, amount: number, otherwise: { ifMissing: string; ifShort: string }): this {
    if (!Number.isSafeInteger(amount) || amount < 1) {
      throw new InvalidInputError('amount', `must be an integer from 1 to ${MAX_INTEGER}`);
    }
    const { ifMissing, ifShort } = otherwise;
    return this.with({ kind: 'take', key: this.key, field, amount, ifMissing, ifShort });
  }
  add(field: string, amount: number): this {
    if (!Number.isSafeInteger(amount)) throw new InvalidInputError('amount', 'must be a safe integer');
    return this.with({ kind: 'add', key: this.key, field, amount });
  }
  put(fields: Readonly<Record<string, string | number>>): this {
    for (const [field, value] of Object.entries(fields)) {
      this.with({ kind: 'put', key: this.key, field, value: String(value) });
    }
    return this;
  }
  remove(field: string): this {
    return this.with({ kind: 'remove', key: this.key, field });
  }
  requireAbsent(field: string, otherwise: string): this {
    return this.with({ kind: 'require', key: this.key, field, test: 'absent', value: '', otherwise });
  }
  requireSameOrAbsent(field: string, value: string, otherwise: string): this {
    return this.with({ kind: 'require', key: this.key, field, test: 'same-or-absent', value, otherwise });
  }
  requireBelowOrAbsent(field: string, bound: number, otherwise: string): this {
    if (!Number.isSafeInteger(bound)) throw new InvalidInputError('bound', 'must be a safe integer');
    const value = String(bound);
    return this.with({ kind: 'require', key: this.key, field, test: 'below-or-absent', value, otherwise });
  }
  expire(ttlMs: number): this {
    if (!Number.isSafeInteger(ttlMs) || ttlMs < 1)
      throw new InvalidInputError('ttlMs', 'must be a positive integer');
    return this.with({ kind: 'expire', key: this.key, ttlMs });
  }
  private with(effect: Effect): this {
    this.effects.push(effect);
    return this;
  }
}

/** Collects what one handler run declares. Event ids are derived, so that a second run emits the same ids. */
export class TransactionRecorder extends EffectList implements Transaction {
  readonly events: OutgoingEvent[] = [];
  private rejected: RejectionRecorder | undefined;

  constructor(
    private readonly eventIdPrefix: string,
    private readonly headers: Headers,
    private readonly uniqueMark: string,
  ) {
    super();
  }

  get rejectionEffects(): readonly Effect[] {
    return this.rejected?.effects ?? NONE;
  }

  get rejectionEvents(): readonly RejectableEvent[] {
    return this.rejected?.events ?? NONE;
  }

  emit(channel: string, body: unknown): void {
    checkedName('channel', channel);
    const id = `${this.eventIdPrefix}:${this.events.length}`;
    this.events.push({ channel, id, headers: this.headers, body: toJson(body) });
  }

  /** Made at first use: most handlers say nothing here. */
  get ifRejected(): RejectionRecorder {
    this.rejected ??= new RejectionRecorder(this.eventIdPrefix, this.headers, this.uniqueMark);
    return this.rejected;
  }

  /** The rejection events with the reason in place: for a rejection decided by the handler, not by the store. */
  rejectionEventsFor(reason: string): OutgoingEvent[] {
    return this.rejectionEvents.map(({ bodyAfterReason, ...event }) =>
      bodyAfterReason === undefined
        ? event
        : { ...event, body: event.body + JSON.stringify(reason) + bodyAfterReason },
    );
  }
}

/** Collects what is to happen instead if the message is rejected. */
class RejectionRecorder {
  readonly events: RejectableEvent[] = [];
  private readonly list = new EffectList();
  private readonly reasonMark: string;

  constructor(
    private readonly eventIdPrefix: string,
    private readonly headers: Headers,
    uniqueMark: string,
  ) {
    this.reasonMark = `\u27e6reason ${uniqueMark}\u27e7`;
  }

  get effects(): readonly Effect[] {
    return this.list.effects;
  }

  readonly hash = (key: string): HashEffects => this.list.hash(key);

  readonly emit = (channel: string, body: (reason: ReasonPlaceholder) => unknown): void => {
    checkedName('channel', channel);
    const id = `${this.eventIdPrefix}:r${this.events.length}`;
    const text = toJson(body({ toJSON: () => this.reasonMark }));
    const mark = JSON.stringify(this.reasonMark);
    const at = text.indexOf(mark);
    const event = { channel, id, headers: this.headers };
    this.events.push(
      at < 0
        ? { ...event, body: text }
        : { ...event, body: text.slice(0, at), bodyAfterReason: text.slice(at + mark.length) },
    );
  };
}

function toJson(body: unknown): string {
  // The declared type hides that JSON.stringify answers undefined for undefined and functions.
  const text = JSON.stringify(body) as string | undefined;
  if (text === undefined) throw new InvalidInputError('body', 'must be something JSON can carry');
  return text;
}

function checkedKey(key: string): string {
  if (key.length === 0 || key.length > 256)
    throw new InvalidInputError('key', 'must have 1 to 256 characters');
  return key;
}
