import type { Random } from '@onlyonce/core';

const LETTERS_AND_DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const NONCE_LENGTH = 20;

/** The same seed draws the same numbers, so that a failing run can be replayed. */
export class SeededRandom implements Random {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** mulberry32: 32 bits of state, good enough to shuffle tests with. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  nonce(): string {
    return Array.from(
      { length: NONCE_LENGTH },
      () => LETTERS_AND_DIGITS[this.below(LETTERS_AND_DIGITS.length)],
    ).join('');
  }

  /** A whole number from 0 to `bound` - 1. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** True with the probability given. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }
}
