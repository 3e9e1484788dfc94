// @ts-check

const BEGIN = Date.parse('2026-11-21T02:34:00.000Z');

/** Writes the logs of pods that never ran, as the services would have written them: docs/logs.md. */
export class LogBook {
  /** @type {Map<string, string[]>} */
  pods = new Map();
  #nowMs = BEGIN;
  #token = 1_795_228_441_000_000n;

  /** @param {number} ms */
  later(ms) {
    this.#nowMs += ms;
    return this;
  }

  get nowIso() {
    return new Date(this.#nowMs).toISOString();
  }

  /** A fencing token newer than all before. */
  token() {
    this.#token += 1_000n;
    return String(this.#token);
  }

  /**
   * One line. Each is a millisecond after the one before.
   * @param {string} pod
   * @param {string | undefined} event
   * @param {Record<string, unknown>} [fields]
   */
  line(pod, event, fields = {}) {
    this.#nowMs += 1;
    const service = pod.replace(/-\d+$/, '');
    const head = { level: 'info', time: this.nowIso, service, env: 'test', version: '0.1.0', pod };
    return this.raw(pod, JSON.stringify({ ...head, ...(event === undefined ? {} : { event }), ...fields }));
  }

  /**
   * @param {string} pod
   * @param {string} text
   */
  raw(pod, text) {
    const lines = this.pods.get(pod);
    if (lines) lines.push(text);
    else this.pods.set(pod, [text]);
    return text;
  }

  /**
   * @param {string} id
   * @param {string} [pod]
   */
  accepted(id, pod = 'order-1') {
    return this.line(pod, 'order.accepted', { messageId: id, channel: 'order_updates' });
  }

  /**
   * A line of the inventory group.
   * @param {string} pod
   * @param {string} event
   * @param {string} id
   * @param {Record<string, unknown>} [fields]
   */
  inventory(pod, event, id, fields = {}) {
    return this.line(pod, event, { messageId: id, channel: 'order_updates', group: 'inventory', ...fields });
  }

  /**
   * @param {string} pod
   * @param {string} id
   * @param {{ attempt?: number, token?: string }} [claim]
   */
  won(pod, id, { attempt = 1, token = this.token() } = {}) {
    this.inventory(pod, 'lock.won', id, { attempt, fencingToken: token });
    return { attempt, fencingToken: token };
  }

  /**
   * @param {string} pod
   * @param {string} id
   * @param {Record<string, unknown>} claim
   */
  processed(pod, id, claim) {
    return this.inventory(pod, 'message.processed', id, { ...claim, durationMs: 3, outcome: 'confirmed' });
  }

  /**
   * @param {string} pod
   * @param {string} id
   * @param {Record<string, unknown>} claim
   */
  dead(pod, id, claim) {
    return this.inventory(pod, 'message.dead', id, { ...claim, reason: 'X', outcome: 'dead' });
  }

  /**
   * A dead letter is sent back by hand.
   * @param {string} pod whichever was asked to
   * @param {string} id
   */
  redriven(pod, id) {
    return this.inventory(pod, 'message.redriven', id);
  }

  /**
   * The whole life of an order: accepted, heard by three, won by one, processed, and its result processed in turn.
   * @param {string} id
   * @param {{ winner?: string, outcome?: 'processed' | 'rejected' }} [how]
   */
  healthy(id, { winner = 'inventory-1', outcome = 'processed' } = {}) {
    this.accepted(id);
    const pods = ['inventory-1', 'inventory-2', 'inventory-3'];
    for (const pod of pods) this.inventory(pod, 'message.received', id);
    const claim = this.won(winner, id);
    for (const pod of pods.filter((name) => name !== winner))
      this.inventory(pod, 'lock.lost', id, { reason: 'held by another pod' });
    if (outcome === 'processed') this.processed(winner, id, claim);
    else
      this.inventory(winner, 'message.rejected', id, {
        ...claim,
        durationMs: 2,
        outcome: 'rejected',
        reason: 'OUT_OF_STOCK: tea',
      });
    this.result(`${id}:inventory:0`);
    return claim;
  }

  /**
   * The order service hears what became of an order.
   * @param {string} resultId
   */
  result(resultId) {
    const of = { messageId: resultId, channel: 'order_results', group: 'order' };
    const claim = { attempt: 1, fencingToken: this.token() };
    this.line('order-1', 'message.received', of);
    this.line('order-1', 'lock.won', { ...of, ...claim });
    this.line('order-1', 'message.processed', { ...of, ...claim, durationMs: 1, outcome: 'confirmed' });
  }

  /**
   * The next pod takes over what a vanished one held.
   * @param {string} pod
   * @param {string} id
   * @param {{ from: string, attempt: number }} owner
   */
  takesOver(pod, id, { from, attempt }) {
    const claim = { attempt, fencingToken: this.token() };
    this.inventory(pod, 'message.recovered', id, {
      ...claim,
      reason: 'its owner vanished',
      previousPod: from,
    });
    this.inventory(pod, 'lock.won', id, claim);
    return claim;
  }

  /** @param {string} pod */
  stopped(pod) {
    return this.line(pod, 'service.stopped');
  }

  /** @returns {string[]} the texts of the files, one per pod */
  get files() {
    return [...this.pods.values()].map((lines) => `${lines.join('\n')}\n`);
  }
}
