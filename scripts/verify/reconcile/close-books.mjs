// @ts-check
import { compareTokens } from '../lines/token.mjs';
import { ACCEPTED } from './channel-ledger.mjs';
import { SETTLED } from './group-ledger.mjs';
import { newest } from './history.mjs';
import { IdDigest, digestText } from './id-digest.mjs';
import { judgeHistory } from './judge-history.mjs';
import { MomentReader } from '../lines/moment.mjs';

/**
 * @typedef {{ stillRunning: boolean, deadIsViolation: boolean, groups: readonly string[], maxWaitMs: number,
 *   clockSkewMs: number }} ClosingRules
 *   stillRunning: what waits no longer than allowed at the end of the logs is under way, not lost;
 *   groups: those that must settle everything, instead of those that were heard of
 *
 * @typedef {{ channel: string, group: string, accepted: number, processed: number, rejected: number, dead: number,
 *   provedByResults: number, underWay: number, takeovers: number, retries: number, refused: number, redriven: number,
 *   undone: number, required: boolean }} GroupCounts
 */

/**
 * Judges what can only be judged when all lines were read: what is missing.
 * @param {import('./reconciler.mjs').Reconciler} books
 * @param {ClosingRules} rules
 * @returns {GroupCounts[]} its findings are added to those of the books
 */
export function closeBooks(books, rules) {
  const closing = new Closing(books, rules);
  const counts = [...books.channels.values()].flatMap((channel) => closing.channel(channel));
  closing.brokenLines();
  if (books.facts === 0) {
    books.findings.add({
      ...NOWHERE,
      kind: 'nothing-to-judge',
      detail: 'no line of the vocabulary was found',
    });
  }
  return counts;
}

const NOWHERE = { digest: undefined, id: undefined, channel: undefined, group: undefined };

class Closing {
  #digest = new IdDigest();

  /**
   * @param {import('./reconciler.mjs').Reconciler} books
   * @param {ClosingRules} rules
   */
  constructor(books, rules) {
    this.books = books;
    this.rules = rules;
  }

  /**
   * @param {import('./channel-ledger.mjs').ChannelLedger} channel
   * @returns {GroupCounts[]}
   */
  channel(channel) {
    const groups = [...channel.groups.values()];
    const named = this.rules.groups;
    const missing = named.filter((name) => !channel.groups.has(name));
    const begins = new Map(groups.map((group) => [group, firstAcceptance(channel, group)]));
    const earliest = Math.min(...begins.values());
    const counts = groups.map((group) => {
      const begin = begins.get(group) ?? Infinity;
      const required = named.length === 0 || named.includes(group.name);
      // Groups that joined later need not have what was accepted before; the first one needs everything.
      const from = groups.length === 1 || named.length > 0 || begin === earliest ? -Infinity : begin;
      return this.#group(channel, group, required ? from : Infinity);
    });
    const nobody =
      groups.length === 0 ? ['(no group)'] : named.length > 0 && channel.accepted.size > 0 ? missing : [];
    for (const name of nobody) counts.push(this.#absentGroup(channel, name));
    return counts;
  }

  /**
   * @param {import('./channel-ledger.mjs').ChannelLedger} channel
   * @param {import('./group-ledger.mjs').GroupLedger} group
   * @param {number} from what was accepted before need not be settled
   * @returns {GroupCounts}
   */
  #group(channel, group, from) {
    const counts = newCounts(channel.name, group.name, from < Infinity);
    counts.takeovers = group.takeovers;
    counts.retries = group.retries;
    counts.refused = group.refused;
    counts.redriven = group.redriven;
    for (const { a, b, c, entry } of group.settled.entries()) {
      if (entry.kind === SETTLED.processed) counts.processed += 1;
      else if (entry.kind === SETTLED.rejected) counts.rejected += 1;
      else this.#died(counts, group, { digest: digestText(a, b, c), id: undefined });
    }
    const open = this.#openMessages(channel, group, counts);
    this.#missing({ channel, group, counts, open, from });
    this.#phantoms(channel, group, open);
    return counts;
  }

  /**
   * @param {GroupCounts} counts
   * @param {import('./group-ledger.mjs').GroupLedger} group
   * @param {{ digest: string, id: string | undefined }} which
   */
  #died(counts, group, which) {
    counts.dead += 1;
    if (!this.rules.deadIsViolation) return;
    const where = { channel: group.channel, group: group.name };
    this.books.findings.add({ kind: 'dead', ...which, ...where, detail: 'became a dead letter' });
  }

  /**
   * @param {import('./channel-ledger.mjs').ChannelLedger} channel
   * @param {import('./group-ledger.mjs').GroupLedger} group
   * @param {GroupCounts} counts
   * @returns {Map<string, boolean>} digests of messages that are not in the table, and whether each is settled
   */
  #openMessages(channel, group, counts) {
    /** @type {Map<string, boolean>} */
    const open = new Map();
    for (const [id, history] of group.open) {
      const digest = this.#digest.of(id).text;
      const acceptance = channel.accepted.get(this.#digest);
      const settled = isSettled(history);
      open.set(digest, settled);
      this.#faults({ id, digest, history, group, counts });
      if (settled) {
        if (history.settlements.length === 0) this.#died(counts, group, { digest, id });
        else if (history.settlements.some(({ event }) => event === 'message.processed'))
          counts.processed += 1;
        else counts.rejected += 1;
        const first = history.settlements[0];
        if (first && !history.waitCounted && acceptance && (acceptance.kind & ACCEPTED.line) !== 0)
          this.books.waited(group, id, acceptance.at, first.at);
        continue;
      }
      const known = acceptance && (acceptance.kind & ~ACCEPTED.attempted) !== 0;
      // Heard of, perhaps refused, but in no backlog: forged, or its acceptance was lost before anybody was told.
      if (!known && channel.accepted.size > 0 && (history.wins.length === 0 || history.refused > 0)) continue;
      this.#unsettled({ id, digest, history, group, counts, acceptedAt: acceptance?.at ?? Number.NaN });
    }
    return open;
  }

  /**
   * @param {{ id: string, digest: string, history: import('./history.mjs').History,
   *   group: import('./group-ledger.mjs').GroupLedger, counts: GroupCounts }} message
   */
  #faults({ id, digest, history, group, counts }) {
    const where = { digest, id, channel: group.channel, group: group.name };
    for (const { kind, detail } of judgeHistory(history)) {
      if (kind === 'duplicated' && this.#undone(history)) {
        counts.undone += 1;
        continue;
      }
      const torn = kind === 'unclaimed' && this.#brokenAbout(digest, 'lock.won').length > 0;
      this.books.findings.add(
        torn
          ? { kind: 'unproven', ...where, detail: `${detail}; a lock.won line of it is broken` }
          : { kind, ...where, detail },
      );
    }
  }

  /**
   * Whether every settlement but the last was undone by a loss of data that the list of faults declares.
   * @param {import('./history.mjs').History} history
   */
  #undone({ settlements }) {
    const inOrder = [...settlements].sort((one, other) => compareTokens(one.token ?? '', other.token ?? ''));
    return inOrder.every((settlement, index) => {
      const next = inOrder[index + 1];
      if (!next) return true;
      return (
        compareTokens(settlement.token ?? '', next.token ?? '') < 0 &&
        this.books.rules.faults.lossBetween(settlement.at, next.at)
      );
    });
  }

  /**
   * @param {{ id: string, digest: string, history: import('./history.mjs').History, acceptedAt: number,
   *   group: import('./group-ledger.mjs').GroupLedger, counts: GroupCounts }} message
   */
  #unsettled({ id, digest, history, group, counts, acceptedAt }) {
    if (this.#provedByResult(group.name, counts)) return;
    const since = Number.isNaN(acceptedAt) ? history.lastAt : acceptedAt;
    const waitedMs = this.books.lastAt - since;
    if (this.rules.stillRunning && waitedMs <= this.rules.maxWaitMs) {
      counts.underWay += 1;
      return;
    }
    const where = {
      digest,
      id,
      channel: group.channel,
      group: group.name,
      open: /** @type {const} */ (true),
    };
    const waited = Number.isNaN(waitedMs) ? '' : `; it waited ${Math.round(waitedMs)} ms when the logs ended`;
    const win = history.highestWin;
    const possible = this.#possiblySettled(history, digest);
    if (possible !== undefined) {
      this.books.findings.add({ kind: 'unproven', ...where, detail: possible + waited });
    } else if (win || history.takeovers.length > 0 || history.retries > 0 || history.deaths.length > 0) {
      const owner = win
        ? `won last by ${this.books.pods.list[win.pod]?.name ?? 'a pod'}`
        : 'known to the backlog';
      this.books.findings.add({ kind: 'stuck', ...where, detail: `${owner}, and never settled${waited}` });
    } else {
      const detail = `heard ${history.heard} times, and nobody won it${waited}`;
      this.books.findings.add({ kind: 'lost', ...where, detail });
    }
  }

  /**
   * @param {import('./history.mjs').History} history
   * @param {string} digest
   * @returns {string | undefined} why it may have been settled without a line that says so
   */
  #possiblySettled(history, digest) {
    const torn = ['message.processed', 'message.rejected', 'message.dead'].flatMap((event) =>
      this.#brokenAbout(digest, event),
    );
    if (torn.length > 0) return 'the line that may say so is broken';
    if (history.calledProcessed)
      return 'no line of its effect, but a pod was told that it is processed already';
    const win = newest(history.wins.filter(({ over }) => over !== true));
    if (win && win === history.highestWin && this.books.pods.fellSilent(win, this.books.lastAt)) {
      const name = this.books.pods.list[win.pod]?.name ?? 'its owner';
      return `${name} won it and fell silent: killed before its commit, or after it and before its line`;
    }
    return undefined;
  }

  /**
   * @param {string} group
   * @param {GroupCounts} counts
   */
  #provedByResult(group, counts) {
    const result = this.books.results.get(group)?.get(this.#digest);
    if (!result) return false;
    counts.provedByResults += 1;
    return true;
  }

  /**
   * @param {{ channel: import('./channel-ledger.mjs').ChannelLedger, group: import('./group-ledger.mjs').GroupLedger,
   *   counts: GroupCounts, open: ReadonlyMap<string, boolean>, from: number }} books
   */
  #missing({ channel, group, counts, open, from }) {
    for (const { a, b, c, entry } of channel.accepted.entries()) {
      if ((entry.kind & ~ACCEPTED.attempted) === 0 || from === Infinity) continue;
      if (entry.at < from || (Number.isNaN(entry.at) && from > -Infinity)) continue;
      counts.accepted += 1;
      const digest = Object.assign(this.#digest, { a, b, c });
      if (group.settled.has(digest) || open.has(digest.text)) continue;
      if (this.#provedByResult(group.name, counts)) continue;
      this.#lost({ channel: channel.name, group: group.name }, counts, entry.at);
    }
  }

  /**
   * @param {{ channel: string, group: string }} where
   * @param {GroupCounts} counts
   * @param {number} acceptedAt
   */
  #lost(where, counts, acceptedAt) {
    const waitedMs = this.books.lastAt - acceptedAt;
    if (this.rules.stillRunning && waitedMs <= this.rules.maxWaitMs) {
      counts.underWay += 1;
      return;
    }
    const digest = this.#digest.text;
    const finding = { digest, id: undefined, ...where, open: /** @type {const} */ (true) };
    if (this.#brokenAbout(digest, undefined).some(({ event }) => event !== 'order.accepted')) {
      const detail = 'no whole line about it, but a broken one';
      this.books.findings.add({ kind: 'unproven', ...finding, detail });
    } else {
      const detail = 'accepted, and no line of any pod about it';
      this.books.findings.add({ kind: 'lost', ...finding, detail });
    }
  }

  /**
   * @param {import('./channel-ledger.mjs').ChannelLedger} channel
   * @param {string} name
   * @returns {GroupCounts}
   */
  #absentGroup(channel, name) {
    const counts = newCounts(channel.name, name, true);
    for (const { a, b, c, entry } of channel.accepted.entries()) {
      if ((entry.kind & ~ACCEPTED.attempted) === 0) continue;
      counts.accepted += 1;
      Object.assign(this.#digest, { a, b, c });
      this.#lost({ channel: channel.name, group: name }, counts, entry.at);
    }
    return counts;
  }

  /**
   * @param {import('./channel-ledger.mjs').ChannelLedger} channel
   * @param {import('./group-ledger.mjs').GroupLedger} group
   * @param {ReadonlyMap<string, boolean>} open
   */
  #phantoms(channel, group, open) {
    if (channel.accepted.size === 0) return;
    const where = { channel: channel.name, group: group.name };
    const detail = 'settled, and no line or list says that it was accepted';
    for (const { a, b, c } of group.settled.entries()) {
      const digest = Object.assign(this.#digest, { a, b, c });
      if (channel.accepted.has(digest)) continue;
      this.books.findings.add({ kind: 'phantom', digest: digest.text, id: undefined, ...where, detail });
    }
    for (const [id] of [...group.open].filter(([, history]) => isSettled(history))) {
      const digest = this.#digest.of(id).text;
      if (!open.get(digest) || channel.accepted.has(this.#digest)) continue;
      this.books.findings.add({ kind: 'phantom', digest, id, ...where, detail });
    }
  }

  /** Half a line about a settlement that is not the one known: a second effect, perhaps. */
  brokenLines() {
    const moments = new MomentReader();
    for (const [digestKey, lines] of this.books.broken) {
      for (const fields of lines) {
        const { messageId: id = '', event = '', pod: podName = '', time } = fields;
        if (event !== 'message.processed' && event !== 'message.rejected') continue;
        const pod = this.books.pods.named(podName)?.number;
        const at = moments.read(time);
        this.#digest.of(id);
        const channels = [...this.books.channels.values()].filter(
          ({ name }) => fields['channel'] === undefined || fields['channel'] === name,
        );
        const settled = channels
          .flatMap((channel) => [...channel.groups.values()])
          .filter(({ name }) => fields['group'] === undefined || fields['group'] === name)
          .map((group) => group.settled.get(this.#digest))
          .filter((entry) => entry !== undefined);
        if (settled.length === 0 || settled.some((entry) => entry.at === at && entry.pod === pod)) continue;
        const detail = 'settled once, and a broken line speaks of another settlement';
        this.books.findings.add({ ...NOWHERE, kind: 'unproven', digest: digestKey, id, detail });
      }
    }
  }

  /**
   * @param {string} digest
   * @param {string | undefined} event
   */
  #brokenAbout(digest, event) {
    const lines = this.books.broken.get(digest) ?? [];
    return event === undefined ? lines : lines.filter((fields) => fields['event'] === event);
  }
}

/** @param {import('./history.mjs').History} history */
function isSettled(history) {
  if (history.settlements.length > 0) return true;
  const death = newest(history.deaths);
  if (!death) return false;
  return compareTokens(history.highestWin?.token ?? '', death.token ?? '') <= 0;
}

/**
 * @param {import('./channel-ledger.mjs').ChannelLedger} channel
 * @param {import('./group-ledger.mjs').GroupLedger} group
 * @returns {number} when the first message that it settled was accepted; Infinity if none was
 */
function firstAcceptance(channel, group) {
  if (channel.groups.size < 2) return -Infinity;
  const digest = new IdDigest();
  let first = Infinity;
  for (const { a, b, c } of group.settled.entries()) {
    const at = channel.accepted.get(Object.assign(digest, { a, b, c }))?.at ?? Number.NaN;
    if (at < first) first = at;
  }
  return first;
}

/**
 * @param {string} channel
 * @param {string} group
 * @param {boolean} required
 * @returns {GroupCounts}
 */
const newCounts = (channel, group, required) => ({
  channel,
  group,
  accepted: 0,
  processed: 0,
  rejected: 0,
  dead: 0,
  provedByResults: 0,
  underWay: 0,
  takeovers: 0,
  retries: 0,
  refused: 0,
  redriven: 0,
  undone: 0,
  required,
});
