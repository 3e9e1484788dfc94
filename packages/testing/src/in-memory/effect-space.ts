import type { Effect } from '@onlyonce/core';

type Value =
  | { readonly kind: 'hash'; readonly fields: Map<string, string> }
  | { readonly kind: 'set'; readonly members: Set<string> }
  | { readonly kind: 'ranking'; readonly scores: Map<string, number> }
  | { readonly kind: 'list'; readonly items: string[] };
type ValueOf<Kind extends Value['kind']> = Extract<Value, { kind: Kind }>;

export type Applied =
  | { readonly kind: 'applied' }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'fault'; readonly detail: string };

/** Ends the planning of a batch of effects; nothing has been written then. */
class NotApplied extends Error {
  constructor(readonly result: Applied) {
    super(result.kind);
  }
}

/** The keys that effects change: what a commit's writes go to. Judges all of them before it keeps any. */
export class EffectSpace {
  private readonly values = new Map<string, Value>();
  private readonly expiries = new Map<string, number>();

  constructor(private readonly nowMs: () => number) {}

  /** All of them or none: they are tried on copies, which replace the originals only if every one went well. */
  apply(effects: readonly Effect[]): Applied {
    const copies = new Map<string, Value>();
    const expiries = new Map<string, number>();
    try {
      for (const effect of effects) {
        if (effect.kind === 'expire') expiries.set(effect.key, this.nowMs() + effect.ttlMs);
        else this.change(copies, effect);
      }
    } catch (error) {
      if (error instanceof NotApplied) return error.result;
      throw error;
    }
    for (const [key, value] of copies) {
      if (isEmpty(value)) this.forget(key);
      else this.values.set(key, value);
    }
    for (const [key, atMs] of expiries) if (this.values.has(key)) this.expiries.set(key, atMs);
    return { kind: 'applied' };
  }

  hash(key: string): Record<string, string> {
    const value = this.live(key);
    return value?.kind === 'hash' ? Object.fromEntries(value.fields) : {};
  }

  /** Members of a set or list, or of a ranking by rising score. */
  members(key: string): string[] {
    const value = this.live(key);
    switch (value?.kind) {
      case 'set':
        return [...value.members];
      case 'list':
        return [...value.items];
      case 'ranking':
        return [...value.scores].sort(([, one], [, other]) => one - other).map(([member]) => member);
      case 'hash':
      case undefined:
        return [];
    }
  }

  clear(): void {
    this.values.clear();
    this.expiries.clear();
  }

  private change(copies: Map<string, Value>, effect: Exclude<Effect, { kind: 'expire' }>): void {
    switch (effect.kind) {
      case 'take': {
        const { fields } = this.copy(copies, effect.key, 'hash');
        const text = fields.get(effect.field);
        if (text === undefined) throw rejected(effect.ifMissing);
        const available = integer(effect, text);
        if (available < effect.amount) throw rejected(effect.ifShort);
        fields.set(effect.field, String(available - effect.amount));
        return;
      }
      case 'add': {
        const { fields } = this.copy(copies, effect.key, 'hash');
        const sum = integer(effect, fields.get(effect.field) ?? '0') + effect.amount;
        if (!Number.isSafeInteger(sum)) throw fault(`${effect.key} ${effect.field} would overflow`);
        fields.set(effect.field, String(sum));
        return;
      }
      case 'put':
        this.copy(copies, effect.key, 'hash').fields.set(effect.field, effect.value);
        return;
      case 'remove':
        this.copy(copies, effect.key, 'hash').fields.delete(effect.field);
        return;
      case 'require': {
        const text = this.copy(copies, effect.key, 'hash').fields.get(effect.field);
        if (text === undefined) return;
        if (effect.test === 'same-or-absent' && text === effect.value) return;
        if (effect.test === 'below-or-absent' && integer(effect, text) < Number(effect.value)) return;
        throw rejected(effect.otherwise);
      }
      case 'addMember':
        this.copy(copies, effect.key, 'set').members.add(effect.member);
        return;
      case 'removeMember':
        this.copy(copies, effect.key, 'set').members.delete(effect.member);
        return;
      case 'rank':
        this.copy(copies, effect.key, 'ranking').scores.set(effect.member, effect.score);
        return;
      case 'push':
        this.copy(copies, effect.key, 'list').items.push(effect.value);
        return;
      default:
        effect satisfies never;
    }
  }

  private copy<Kind extends Value['kind']>(
    copies: Map<string, Value>,
    key: string,
    kind: Kind,
  ): ValueOf<Kind> {
    const found = copies.get(key) ?? copyOf(this.live(key) ?? emptyValue(kind));
    if (found.kind !== kind) throw fault(`${key} is a ${found.kind}, not a ${kind}`);
    copies.set(key, found);
    // The kinds were just compared, which the compiler cannot follow through the type parameter.
    return found as ValueOf<Kind>;
  }

  private live(key: string): Value | undefined {
    const expiry = this.expiries.get(key);
    if (expiry !== undefined && expiry <= this.nowMs()) this.forget(key);
    return this.values.get(key);
  }

  private forget(key: string): void {
    this.values.delete(key);
    this.expiries.delete(key);
  }
}

function emptyValue(kind: Value['kind']): Value {
  switch (kind) {
    case 'hash':
      return { kind, fields: new Map() };
    case 'set':
      return { kind, members: new Set() };
    case 'ranking':
      return { kind, scores: new Map() };
    case 'list':
      return { kind, items: [] };
  }
}

function copyOf(value: Value): Value {
  switch (value.kind) {
    case 'hash':
      return { kind: 'hash', fields: new Map(value.fields) };
    case 'set':
      return { kind: 'set', members: new Set(value.members) };
    case 'ranking':
      return { kind: 'ranking', scores: new Map(value.scores) };
    case 'list':
      return { kind: 'list', items: [...value.items] };
  }
}

function isEmpty(value: Value): boolean {
  switch (value.kind) {
    case 'hash':
      return value.fields.size === 0;
    case 'set':
      return value.members.size === 0;
    case 'ranking':
      return value.scores.size === 0;
    case 'list':
      return value.items.length === 0;
  }
}

function integer(effect: { readonly key: string; readonly field: string }, text: string): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw fault(`${effect.key} ${effect.field} holds no integer`);
  return value;
}

function rejected(reason: string): NotApplied {
  return new NotApplied({ kind: 'rejected', reason });
}

function fault(detail: string): NotApplied {
  return new NotApplied({ kind: 'fault', detail });
}
