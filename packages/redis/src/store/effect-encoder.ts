import type { Effect } from '@onlyonce/core';
import type { Argument } from '../scripts/argument.js';
import type { Keys } from './keys.js';

const OTHER_TYPES = {
  expire: '*',
  addMember: 'set',
  removeMember: 'set',
  rank: 'zset',
  push: 'list',
} as const;

interface Hash {
  readonly keyIndex: number;
  /** Field to its number among the fields of this hash, from 1. */
  readonly fields: Map<string, number>;
  /** Cells of the hashes before this one. */
  offset: number;
}

/**
 * Turns the effects of one call into arguments for effects.lua: every field of every hash becomes a numbered cell,
 * read once per call however many items touch it.
 */
export class EffectEncoder {
  /** KEYS of the call, effects behind whatever the script itself needs. */
  readonly keys: string[];
  private readonly keyIndexes = new Map<string, number>();
  private readonly hashes = new Map<string, Hash>();
  private readonly others = new Map<number, string>();

  constructor(
    private readonly names: Keys,
    scriptKeys: readonly string[],
  ) {
    this.keys = [...scriptKeys];
  }

  /** Must have seen every effect before the first is encoded, since cells are numbered hash by hash. */
  collect(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (isOther(effect)) this.collectOther(effect);
      else this.collectCell(effect.key, effect.field);
    }
  }

  /** 1-based index in KEYS. */
  keyIndex(key: string): number {
    const known = this.keyIndexes.get(key);
    if (known !== undefined) return known;
    const index = this.keys.push(key);
    this.keyIndexes.set(key, index);
    return index;
  }

  /** The declaration of cells that load_cells in effects.lua reads. */
  header(): Argument[] {
    const args: Argument[] = [this.hashes.size];
    let offset = 0;
    for (const hash of this.hashes.values()) {
      hash.offset = offset;
      offset += hash.fields.size;
      args.push(hash.keyIndex, hash.fields.size);
      for (const field of hash.fields.keys()) args.push(field);
    }
    args.push(this.others.size);
    for (const [keyIndex, type] of this.others) args.push(keyIndex, type);
    return args;
  }

  /** The effects of one item: their number, then each. Call after {@link header}. */
  encode(effects: readonly Effect[]): Argument[] {
    const args: Argument[] = [];
    this.encodeInto(args, effects);
    return args;
  }

  /** The same at the end of a list. */
  encodeInto(args: Argument[], effects: readonly Effect[]): void {
    args.push(effects.length);
    for (const effect of effects) this.push(args, effect);
  }

  private push(args: Argument[], effect: Effect): void {
    switch (effect.kind) {
      case 'take':
        args.push('t', this.cell(effect), effect.amount, effect.ifMissing, effect.ifShort);
        return;
      case 'add':
        args.push('a', this.cell(effect), effect.amount);
        return;
      case 'put':
        args.push('p', this.cell(effect), effect.value);
        return;
      case 'remove':
        args.push('d', this.cell(effect));
        return;
      case 'require':
        args.push('q', this.cell(effect), effect.test, effect.value, effect.otherwise);
        return;
      case 'expire':
        args.push('x', this.effectKey(effect.key), effect.ttlMs);
        return;
      case 'addMember':
        args.push('s', this.effectKey(effect.key), effect.member);
        return;
      case 'removeMember':
        args.push('S', this.effectKey(effect.key), effect.member);
        return;
      case 'rank':
        args.push('z', this.effectKey(effect.key), effect.score, effect.member);
        return;
      case 'push':
        args.push('l', this.effectKey(effect.key), effect.value);
        return;
      default:
        effect satisfies never;
    }
  }

  private cell({ key, field }: { readonly key: string; readonly field: string }): number {
    const hash = this.hashes.get(key);
    const position = hash?.fields.get(field);
    if (!hash || position === undefined) throw new Error(`the effect on ${key} was not collected`);
    return hash.offset + position;
  }

  private effectKey(key: string): number {
    return this.keyIndex(this.names.effect(key));
  }

  private collectCell(key: string, field: string): void {
    let hash = this.hashes.get(key);
    if (!hash) {
      hash = { keyIndex: this.effectKey(key), fields: new Map(), offset: 0 };
      this.hashes.set(key, hash);
    }
    if (!hash.fields.has(field)) hash.fields.set(field, hash.fields.size + 1);
  }

  private collectOther(effect: OtherEffect): void {
    const index = this.effectKey(effect.key);
    const known = this.others.get(index);
    // An expiry says nothing about the type; whatever else is declared for the key does.
    if (known === undefined || known === '*') this.others.set(index, OTHER_TYPES[effect.kind]);
  }
}

type OtherEffect = Extract<Effect, { kind: keyof typeof OTHER_TYPES }>;

function isOther(effect: Effect): effect is OtherEffect {
  return effect.kind in OTHER_TYPES;
}
