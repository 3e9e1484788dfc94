import type { Effect } from '@onlyonce/core';

type Value =
  | { readonly kind: 'hash'; readonly fields: Map<string, string> }
  | { readonly kind: 'set'; readonly members: Map<string, true> }
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

type Undo = () => void;

/** The keys that effects change: what a commit's writes go to. All or nothing. */
export class EffectSpace {
  private readonly values = new Map<string, Value>();
  private readonly expiries = new Map<string, number>();

  constructor(private readonly nowMs: () => number) {}

  /** Applies all effects, or takes back those it had applied when one of them cannot be. */
  apply(effects: readonly Effect[]): Applied {
    const undo: Undo[] = [];
    try {
      for (const effect of effects) if (effect.kind !== 'expire') this.change(effect, undo);
    } catch (error) {
      for (const takeBack of undo.reverse()) takeBack();
      if (error instanceof NotApplied) return error.result;
      throw error;
    }
    for (const effect of effects) {
      const value = this.values.get(effect.key);
      if (value && isEmpty(value)) this.forget(effect.key);
      else if (value && effect.kind === 'expire') this.expiries.set(effect.key, this.nowMs() + effect.ttlMs);
    }
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
        return [...value.members.keys()];
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

  private change(effect: Exclude<Effect, { kind: 'expire' }>, undo: Undo[]): void {
    switch (effect.kind) {
      case 'take': {
        const { fields } = this.value(effect.key, 'hash', undo);
        const text = fields.get(effect.field);
        if (text === undefined) throw rejected(effect.ifMissing);
        const available = integer(effect, text);
        if (available < effect.amount) throw rejected(effect.ifShort);
        put(fields, effect.field, String(available - effect.amount), undo);
        return;
      }
      case 'add': {
        const { fields } = this.value(effect.key, 'hash', undo);
        const sum = integer(effect, fields.get(effect.field) ?? '0') + effect.amount;
        if (!Number.isSafeInteger(sum)) throw fault(`${effect.key} ${effect.field} would overflow`);
        put(fields, effect.field, String(sum), undo);
        return;
      }
      case 'put':
        put(this.value(effect.key, 'hash', undo).fields, effect.field, effect.value, undo);
        return;
      case 'remove':
        put(this.value(effect.key, 'hash', undo).fields, effect.field, undefined, undo);
        return;
      case 'require': {
        const text = this.value(effect.key, 'hash', undo).fields.get(effect.field);
        if (text === undefined) return;
        if (effect.test === 'same-or-absent' && text === effect.value) return;
        if (effect.test === 'below-or-absent' && integer(effect, text) < Number(effect.value)) return;
        throw rejected(effect.otherwise);
      }
      case 'addMember':
        put(this.value(effect.key, 'set', undo).members, effect.member, true, undo);
        return;
      case 'removeMember':
        put(this.value(effect.key, 'set', undo).members, effect.member, undefined, undo);
        return;
      case 'rank':
        put(this.value(effect.key, 'ranking', undo).scores, effect.member, effect.score, undo);
        return;
      case 'push': {
        const { items } = this.value(effect.key, 'list', undo);
        items.push(effect.value);
        undo.push(() => items.pop());
        return;
      }
      default:
        effect satisfies never;
    }
  }

  private value<Kind extends Value['kind']>(key: string, kind: Kind, undo: Undo[]): ValueOf<Kind> {
    let found = this.live(key);
    if (!found) {
      found = emptyValue(kind);
      this.values.set(key, found);
      undo.push(() => this.values.delete(key));
    }
    if (found.kind !== kind) throw fault(`${key} is a ${found.kind}, not a ${kind}`);
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
      return { kind, members: new Map() };
    case 'ranking':
      return { kind, scores: new Map() };
    case 'list':
      return { kind, items: [] };
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

/** Sets or (undefined) deletes, and remembers how it was. */
function put<V>(map: Map<string, V>, key: string, value: V | undefined, undo: Undo[]): void {
  const before = map.get(key);
  undo.push(() => {
    store(map, key, before);
  });
  store(map, key, value);
}

function store<V>(map: Map<string, V>, key: string, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

function rejected(reason: string): NotApplied {
  return new NotApplied({ kind: 'rejected', reason });
}

function fault(detail: string): NotApplied {
  return new NotApplied({ kind: 'fault', detail });
}
