import type { Effect } from '@onlyonce/core';
import type { Argument } from '../scripts/script-runner.js';
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
  readonly fields: string[];
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
  private readonly cells = new Map<string, { readonly hash: Hash; readonly position: number }>();
  private readonly cellOffsets = new Map<Hash, number>();

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
      this.cellOffsets.set(hash, offset);
      offset += hash.fields.length;
      args.push(hash.keyIndex, hash.fields.length, ...hash.fields);
    }
    args.push(this.others.size);
    for (const [keyIndex, type] of this.others) args.push(keyIndex, type);
    return args;
  }

  /** The effects of one item: their number, then each. Call after {@link header}. */
  encode(effects: readonly Effect[]): Argument[] {
    const args: Argument[] = [effects.length];
    for (const effect of effects) this.push(args, effect);
    return args;
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
    const cell = this.cells.get(cellName(key, field));
    const offset = cell && this.cellOffsets.get(cell.hash);
    if (!cell || offset === undefined) throw new Error(`the effect on ${key} was not collected`);
    return offset + cell.position;
  }

  private effectKey(key: string): number {
    return this.keyIndex(this.names.effect(key));
  }

  private collectCell(key: string, field: string): void {
    const name = cellName(key, field);
    if (this.cells.has(name)) return;
    let hash = this.hashes.get(key);
    if (!hash) {
      hash = { keyIndex: this.effectKey(key), fields: [] };
      this.hashes.set(key, hash);
    }
    this.cells.set(name, { hash, position: hash.fields.push(field) });
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

function cellName(key: string, field: string): string {
  return `${key}\u0000${field}`;
}
