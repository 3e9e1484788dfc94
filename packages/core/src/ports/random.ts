/** Randomness, passed in so that a run can be replayed from a seed. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A text nobody else draws: at least 72 random bits, letters and digits only. */
  nonce(): string;
}

export const systemRandom: Random = {
  next: () => Math.random(),
  nonce: () => crypto.randomUUID().replaceAll('-', '').slice(0, 20),
};
