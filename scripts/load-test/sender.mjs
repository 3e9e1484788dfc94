// @ts-check

/**
 * What came back. accepted: 202; refused: the service said no, and means it; unknown: it may have been accepted or not.
 * @typedef {{ kind: 'accepted', duplicate: boolean } | { kind: 'refused', error: string }
 *   | { kind: 'unknown', error: string }} Answer
 *
 * @typedef {import('./schedule.mjs').Job & { attempt: number, sentAt: number }} SentJob   attempt: 1 for the first try
 *
 * @typedef {{ now(): number, wait(ms: number, wake: () => void): void }} Time
 */

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;

/**
 * Sends what a schedule says is due, on so many connections and no more. What is due and finds none free waits, and
 * that is part of its latency. A request whose outcome is unknown is sent again, with the same id, as a good client does.
 */
export class Sender {
  #inFlight = 0;
  #backingOff = 0;
  /** @type {SentJob[]} */
  #again = [];
  #timerAt = Infinity;
  /** @type {() => void} */
  #finish = () => undefined;

  /**
   * @param {{
   *   schedule: import('./schedule.mjs').Schedule, connections: number, retries: number, time: Time,
   *   post: (number: number) => Promise<Answer>,
   *   answered: (job: SentJob, answer: Answer, last: boolean) => void,
   * }} options post: never rejects; last: no further try follows
   */
  constructor({ schedule, connections, retries, time, post, answered }) {
    this.schedule = schedule;
    this.connections = connections;
    this.retries = retries;
    this.time = time;
    this.post = post;
    this.answered = answered;
  }

  get inFlight() {
    return this.#inFlight;
  }

  /** @returns {Promise<void>} when the last request has its answer */
  run() {
    return new Promise((resolve) => {
      this.#finish = resolve;
      this.schedule.begin(this.time.now());
      this.#pump();
    });
  }

  #pump() {
    while (this.#inFlight < this.connections) {
      const job = this.#next();
      if (!job) break;
      void this.#send(job);
    }
    if (this.#inFlight >= this.connections) return;
    const nextAt = this.schedule.nextAt();
    if (nextAt === Infinity) {
      if (this.#inFlight + this.#backingOff + this.#again.length === 0) this.#finish();
    } else if (nextAt < this.#timerAt) {
      this.#timerAt = nextAt;
      this.time.wait(nextAt - this.time.now(), () => {
        this.#timerAt = Infinity;
        this.#pump();
      });
    }
  }

  /** @returns {SentJob | undefined} */
  #next() {
    const now = this.time.now();
    const again = this.#again.shift();
    if (again) return { ...again, attempt: again.attempt + 1, sentAt: now };
    const job = this.schedule.take(now);
    return job && { ...job, attempt: 1, sentAt: now };
  }

  /** @param {SentJob} job */
  async #send(job) {
    this.#inFlight += 1;
    const answer = await this.post(job.number);
    this.#inFlight -= 1;
    const last = answer.kind !== 'unknown' || job.attempt > this.retries;
    this.answered(job, answer, last);
    if (!last) {
      this.#backingOff += 1;
      this.time.wait(Math.min(FIRST_BACKOFF_MS * 2 ** (job.attempt - 1), LONGEST_BACKOFF_MS), () => {
        this.#backingOff -= 1;
        this.#again.push(job);
        this.#pump();
      });
    }
    this.#pump();
  }
}
