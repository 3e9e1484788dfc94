// @ts-check

/** What is known of an order from its answers. */
export const FATE = /** @type {const} */ ({ none: 0, accepted: 1, refused: 2, unknown: 3 });
/** How it ended, from the logs or the order service. */
export const ENDING = /** @type {const} */ ({ none: 0, processed: 1, rejected: 2, dead: 3 });

/**
 * What happened to every order of a run, by its number: 40 bytes each. Times are milliseconds of one clock, that of
 * `performance.now()` at this side; those that pods told are brought to it.
 */
export class Ledger {
  accepted = 0;
  settled = 0;
  /** Tries that got no answer that says what became of them, and refusals, by kind. @type {Map<string, number>} */
  errors = new Map();
  errorCount = 0;
  firstIntendedAt = Infinity;
  lastAnswerAt = -Infinity;
  lastEffectAt = -Infinity;
  repeatsAnswered = 0;
  /** Answers that called an order a duplicate. */
  calledDuplicate = 0;
  tries = 0;
  /** @type {number[]} POST to answer of repeats */
  repeatMs = [];

  /** @param {number} count */
  constructor(count) {
    this.count = count;
    this.intendedAt = new Float64Array(count).fill(Number.NaN);
    /** How long after its moment each first request left. */
    this.sentLateMs = new Float64Array(count).fill(Number.NaN);
    this.answeredAt = new Float64Array(count).fill(Number.NaN);
    this.effectAt = new Float64Array(count).fill(Number.NaN);
    this.fate = new Uint8Array(count);
    this.ending = new Uint8Array(count);
    /** How many answers said that the order is new. */
    this.newAnswers = new Uint8Array(count);
  }

  /**
   * @param {import('./sender.mjs').SentJob} job
   * @param {import('./sender.mjs').Answer} answer
   * @param {{ last: boolean, at: number }} about
   */
  answered({ number, again, attempt, intendedAt, sentAt }, answer, { last, at }) {
    this.tries += 1;
    this.firstIntendedAt = Math.min(this.firstIntendedAt, intendedAt);
    this.lastAnswerAt = Math.max(this.lastAnswerAt, at);
    if (!again && attempt === 1) {
      this.intendedAt[number] = intendedAt;
      this.sentLateMs[number] = sentAt - intendedAt;
    }
    if (answer.kind !== 'accepted') {
      this.errorCount += 1;
      this.errors.set(answer.error, (this.errors.get(answer.error) ?? 0) + 1);
    }
    if (!last) return;
    if (again) {
      this.repeatsAnswered += 1;
      if (answer.kind === 'accepted') this.repeatMs.push(at - intendedAt);
    } else this.answeredAt[number] = at;
    this.#fate(number, answer, attempt);
  }

  /**
   * @param {number} number
   * @param {import('./sender.mjs').Answer} answer
   * @param {number} attempt
   */
  #fate(number, answer, attempt) {
    const before = this.fate[number];
    if (answer.kind === 'accepted') {
      if (answer.duplicate) this.calledDuplicate += 1;
      else this.newAnswers[number] = Math.min(255, (this.newAnswers[number] ?? 0) + 1);
      if (before !== FATE.accepted) this.accepted += 1;
      this.fate[number] = FATE.accepted;
    } else if (before !== FATE.accepted) {
      // Refused after a try whose outcome is unknown: that one may have been accepted.
      const refused = answer.kind === 'refused' && attempt === 1 && before !== FATE.unknown;
      this.fate[number] = refused ? FATE.refused : FATE.unknown;
    }
  }

  /**
   * The first settlement counts; whether there are others is for the verifier to say.
   * @param {number} number
   * @param {number} ending one of ENDING
   * @param {number} at NaN when it is not known
   * @returns {boolean} whether it is the first
   */
  settledAs(number, ending, at) {
    if (this.ending[number] !== ENDING.none) return false;
    this.ending[number] = ending;
    this.effectAt[number] = at;
    this.settled += 1;
    if (at > this.lastEffectAt) this.lastEffectAt = at;
    return true;
  }

  /** @returns {number[]} numbers of orders that are, or may be, accepted and not settled */
  open() {
    const open = [];
    for (let number = 0; number < this.count; number += 1) {
      const fate = this.fate[number];
      if (this.ending[number] === ENDING.none && (fate === FATE.accepted || fate === FATE.unknown))
        open.push(number);
    }
    return open;
  }

  /** How many are accepted for certain, and not settled. */
  get acceptedOpen() {
    let open = 0;
    for (let number = 0; number < this.count; number += 1) {
      if (this.fate[number] === FATE.accepted && this.ending[number] === ENDING.none) open += 1;
    }
    return open;
  }

  /** @param {number} fate one of FATE */
  countOf(fate) {
    return this.fate.reduce((sum, one) => sum + (one === fate ? 1 : 0), 0);
  }

  /** @param {number} ending one of ENDING */
  endedAs(ending) {
    return this.ending.reduce((sum, one) => sum + (one === ending ? 1 : 0), 0);
  }
}
