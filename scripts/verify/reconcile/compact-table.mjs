// @ts-check

const SHARDS = 256;
const FIRST_SLOTS = 16;
const FULLEST = 0.85;
const GROWTH = 1.4;

/**
 * What is remembered of one settled message, or of one acceptance.
 * @typedef {{ at: number, token: string | undefined, print: number, pod: number, kind: number }} Entry
 *   at: milliseconds or NaN; print: of the line itself, to know it again; pod: number of the pod below 65,536;
 *   kind: 1 to 255
 */

/**
 * An exact map from digests to small entries, for millions of them: open addressing in typed arrays, 37 bytes a slot,
 * so 44 to 61 bytes an entry. In 256 parts that grow on their own, so that growth never needs twice the memory.
 */
export class CompactTable {
  /** @type {(Shard | undefined)[]} */
  #shards = new Array(SHARDS).fill(undefined);
  /** Tokens of 2^64 and more, which do not fit into a slot. @type {Map<string, string>} */
  #longTokens = new Map();
  size = 0;

  /**
   * @param {import('./id-digest.mjs').IdDigest} digest
   * @returns {Entry | undefined}
   */
  get(digest) {
    const shard = this.#shards[digest.a >>> 24];
    if (!shard) return undefined;
    const slot = shard.find(digest.a, digest.b, digest.c);
    return shard.kinds[slot] === 0 ? undefined : this.#entry(shard, slot);
  }

  /** @param {import('./id-digest.mjs').IdDigest} digest */
  has(digest) {
    const shard = this.#shards[digest.a >>> 24];
    return shard !== undefined && shard.kinds[shard.find(digest.a, digest.b, digest.c)] !== 0;
  }

  /**
   * Adds an entry, or overwrites it.
   * @param {import('./id-digest.mjs').IdDigest} digest
   * @param {Entry} entry
   */
  set({ a, b, c }, entry) {
    const shard = (this.#shards[a >>> 24] ??= new Shard(FIRST_SLOTS));
    if (shard.used >= shard.slots * FULLEST) shard.grow();
    const slot = shard.find(a, b, c);
    if (shard.kinds[slot] === 0) {
      shard.used += 1;
      this.size += 1;
    }
    shard.as[slot] = a;
    shard.bs[slot] = b;
    shard.cs[slot] = c;
    shard.ats[slot] = entry.at;
    shard.prints[slot] = entry.print;
    shard.pods[slot] = entry.pod;
    shard.kinds[slot] = entry.kind;
    this.#setToken(shard, slot, entry.token);
  }

  /** @returns {Generator<{ a: number, b: number, c: number, entry: Entry }, void>} in no order that means anything */
  *entries() {
    for (const shard of this.#shards) {
      if (!shard) continue;
      for (let slot = 0; slot < shard.slots; slot += 1) {
        if (shard.kinds[slot] === 0) continue;
        const [a = 0, b = 0, c = 0] = [shard.as[slot], shard.bs[slot], shard.cs[slot]];
        yield { a, b, c, entry: this.#entry(shard, slot) };
      }
    }
  }

  /**
   * @param {Shard} shard
   * @param {number} slot
   * @returns {Entry}
   */
  #entry(shard, slot) {
    return {
      at: shard.ats[slot] ?? Number.NaN,
      token: this.#token(shard, slot),
      print: shard.prints[slot] ?? 0,
      pod: shard.pods[slot] ?? 0,
      kind: shard.kinds[slot] ?? 0,
    };
  }

  /**
   * @param {Shard} shard
   * @param {number} slot
   */
  #token(shard, slot) {
    const form = shard.forms[slot];
    if (form === NO_TOKEN) return undefined;
    if (form === LONG_TOKEN) return this.#longTokens.get(keyOf(shard, slot));
    const high = shard.highs[slot] ?? 0;
    const low = shard.lows[slot] ?? 0;
    return high < 0x200000 ? String(high * 2 ** 32 + low) : String((BigInt(high) << 32n) | BigInt(low));
  }

  /**
   * @param {Shard} shard
   * @param {number} slot
   * @param {string | undefined} token
   */
  #setToken(shard, slot, token) {
    if (token === undefined) {
      shard.forms[slot] = NO_TOKEN;
      return;
    }
    shard.forms[slot] = SHORT_TOKEN;
    if (token.length <= 15) {
      const value = Number(token);
      shard.highs[slot] = Math.floor(value / 2 ** 32);
      shard.lows[slot] = value >>> 0;
      return;
    }
    const value = BigInt(token);
    if (value >= 1n << 64n) {
      shard.forms[slot] = LONG_TOKEN;
      this.#longTokens.set(keyOf(shard, slot), token);
      return;
    }
    shard.highs[slot] = Number(value >> 32n);
    shard.lows[slot] = Number(value & 0xffffffffn);
  }
}

const NO_TOKEN = 0;
const SHORT_TOKEN = 1;
const LONG_TOKEN = 2;

/**
 * @param {Shard} shard
 * @param {number} slot
 */
const keyOf = (shard, slot) => `${shard.as[slot]}.${shard.bs[slot]}.${shard.cs[slot]}`;

class Shard {
  used = 0;

  /** @param {number} slots */
  constructor(slots) {
    this.slots = slots;
    this.as = new Uint32Array(slots);
    this.bs = new Uint32Array(slots);
    this.cs = new Uint32Array(slots);
    this.ats = new Float64Array(slots);
    this.highs = new Uint32Array(slots);
    this.lows = new Uint32Array(slots);
    this.prints = new Uint32Array(slots);
    this.pods = new Uint16Array(slots);
    this.forms = new Uint8Array(slots);
    this.kinds = new Uint8Array(slots);
  }

  /**
   * @param {number} a
   * @param {number} b
   * @param {number} c
   * @returns {number} the slot of the digest, or the free one where it belongs
   */
  find(a, b, c) {
    // The digest is even, so its share of 2^32 is a place among any number of slots.
    let slot = Math.floor((b / 2 ** 32) * this.slots);
    while (this.kinds[slot] !== 0) {
      if (this.as[slot] === a && this.bs[slot] === b && this.cs[slot] === c) return slot;
      slot = slot + 1 === this.slots ? 0 : slot + 1;
    }
    return slot;
  }

  grow() {
    const old = { ...this };
    Object.assign(this, new Shard(Math.ceil(old.slots * GROWTH)), { used: old.used });
    for (let slot = 0; slot < old.slots; slot += 1) {
      if (old.kinds[slot] === 0) continue;
      const to = this.find(old.as[slot] ?? 0, old.bs[slot] ?? 0, old.cs[slot] ?? 0);
      for (const column of COLUMNS) this[column][to] = old[column][slot] ?? 0;
    }
  }
}

const COLUMNS = /** @type {const} */ ([
  'as',
  'bs',
  'cs',
  'ats',
  'highs',
  'lows',
  'prints',
  'pods',
  'forms',
  'kinds',
]);
