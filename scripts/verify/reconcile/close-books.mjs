// @ts-check
import { judgeBrokenLines, placeAcceptances } from './broken-lines.mjs';
import { judgeBrokenSequels } from './broken-sequels.mjs';
import { ACCEPTED } from './channel-ledger.mjs';
import { isSettled, judgeOpenMessages } from './close-open-messages.mjs';
import { judgeUnheard } from './close-unsettled.mjs';
import { newCounts } from './group-counts.mjs';
import { SETTLED } from './group-ledger.mjs';
import { IdDigest, digestText } from './id-digest.mjs';
import { JoinedLater } from './joined-later.mjs';
import { judgeResults } from './judge-results.mjs';
import { LogEnd } from './log-end.mjs';

/**
 * @typedef {{ stillRunning: boolean, deadIsViolation: boolean, groups: readonly string[], maxWaitMs: number,
 *   orderChannel: string, acceptancesGiven: boolean }} ClosingRules
 *   stillRunning: what waits no longer than allowed at the end of the logs is under way, not lost;
 *   groups: those that must settle everything, instead of those that were heard of; orderChannel: where orders go;
 *   acceptancesGiven: by a list, or by a store that can be asked
 *
 * @typedef {import('./group-counts.mjs').GroupCounts} GroupCounts
 */

/**
 * Judges what can only be judged when all lines were read: what is missing.
 * @param {import('./reconciler.mjs').Reconciler} books
 * @param {ClosingRules} rules
 * @returns {GroupCounts[]} its findings are added to those of the books
 */
export function closeBooks(books, rules) {
  placeAcceptances(books, rules.orderChannel);
  const closing = new Closing(books, rules);
  const counts = [...books.channels.values()].flatMap((channel) => closing.channel(channel));
  judgeResults(books, (channel) => closing.knowsAcceptances(channel));
  books.late.close();
  judgeBrokenLines(books);
  judgeBrokenSequels(books);
  if (books.facts === 0) {
    books.findings.add({
      ...{ kind: 'nothing-to-judge', digest: undefined, id: undefined, channel: undefined, group: undefined },
      detail: 'no line of the vocabulary was found',
    });
  }
  return counts;
}

/** Goes through the channels and their groups. */
export class Closing {
  digest = new IdDigest();

  /**
   * @param {import('./reconciler.mjs').Reconciler} books
   * @param {ClosingRules} rules
   */
  constructor(books, rules) {
    this.books = books;
    this.rules = rules;
    this.end = new LogEnd(books.pods, books.clocks);
  }

  /**
   * @param {import('./channel-ledger.mjs').ChannelLedger} channel
   * @returns {GroupCounts[]}
   */
  channel(channel) {
    const groups = [...channel.groups.values()];
    const named = this.rules.groups;
    const missing = named.filter((name) => !channel.groups.has(name));
    const joined = named.length === 0 ? new JoinedLater(channel, this.books.clocks.mostMs) : undefined;
    const counts = groups.map((group) => {
      const isRequired = joined ? joined.needsAny(group) : named.includes(group.name);
      return this.#group(channel, group, isRequired, joined);
    });
    const nobody =
      named.length > 0 && channel.accepted.size > 0
        ? missing
        : groups.length === 0
          ? groupsWithoutLogs(this.books, channel.name)
          : [];
    for (const name of nobody) counts.push(this.#absentGroup(channel, name));
    this.#refused(channel);
    return counts;
  }

  /**
   * @param {GroupCounts} counts
   * @param {import('./group-ledger.mjs').GroupLedger} group
   * @param {{ digest: string, id: string | undefined }} which
   */
  died(counts, group, which) {
    counts.dead += 1;
    if (!this.rules.deadIsViolation) return;
    const where = { channel: group.channel, group: group.name };
    this.books.findings.add({ kind: 'dead', ...which, ...where, detail: 'became a dead letter' });
  }

  /**
   * @param {import('./channel-ledger.mjs').ChannelLedger} channel
   * @param {import('./group-ledger.mjs').GroupLedger} group
   * @param {boolean} isRequired
   * @param {JoinedLater | undefined} joined
   * @returns {GroupCounts}
   */
  #group(channel, group, isRequired, joined) {
    const counts = newCounts(group, isRequired);
    counts.takeovers = group.takeovers;
    counts.retries = group.retries;
    counts.refused = group.refused;
    counts.redriven = group.redriven;
    for (const { a, b, c, entry } of group.closed()) {
      if (entry.kind === SETTLED.processed) counts.processed += 1;
      else if (entry.kind === SETTLED.rejected) counts.rejected += 1;
      else {
        const which = { digest: digestText(a, b, c), id: undefined };
        this.died(counts, group, which);
        if (!this.books.results.prove(group, Object.assign(this.digest, { a, b, c }))) continue;
        const where = { channel: group.channel, group: group.name };
        const detail =
          'a dead letter, and the event of its settlement was processed; no line says that it was sent back';
        this.books.findings.add({ kind: 'unproven', ...which, ...where, detail });
      }
    }
    const open = judgeOpenMessages(this, channel, group, counts);
    if (isRequired) this.#missing({ channel, group, counts, open, joined });
    this.#phantoms(channel, group);
    return counts;
  }

  /**
   * @param {{ channel: import('./channel-ledger.mjs').ChannelLedger, group: import('./group-ledger.mjs').GroupLedger,
   *   counts: GroupCounts, open: ReadonlySet<string>, joined: JoinedLater | undefined }} books
   */
  #missing({ channel, group, counts, open, joined }) {
    let before = 0;
    for (const { a, b, c, entry } of channel.accepted.entries()) {
      if ((entry.kind & ~ACCEPTED.attempted) === 0) continue;
      const digest = Object.assign(this.digest, { a, b, c });
      const isKnown = group.settled.has(digest) || open.has(digest.text);
      const isNeeded = joined?.needs(group, digest, entry) ?? true;
      if (isKnown || isNeeded) counts.accepted += 1;
      if (isKnown) continue;
      if (this.books.results.prove(group, digest)) counts.provedByResults += 1;
      else if (!isNeeded) before += 1;
      else
        judgeUnheard(this, { channel: channel.name, group: group.name }, counts, { digest, accepted: entry });
    }
    if (before > 0) this.books.notJudged.push(`${before} messages that came ${joinedLater(group)}`);
  }

  /**
   * @param {import('./channel-ledger.mjs').ChannelLedger} channel
   * @param {string} name
   * @returns {GroupCounts}
   */
  #absentGroup(channel, name) {
    const where = { channel: channel.name, group: name };
    const counts = newCounts({ channel: channel.name, name }, true);
    for (const { a, b, c, entry } of channel.accepted.entries()) {
      if ((entry.kind & ~ACCEPTED.attempted) === 0) continue;
      counts.accepted += 1;
      const digest = Object.assign(this.digest, { a, b, c });
      if (this.books.results.prove({ name, channel: channel.name }, digest)) counts.provedByResults += 1;
      else judgeUnheard(this, where, counts, { digest, accepted: entry });
    }
    return counts;
  }

  /**
   * What the client was refused, and the service says that it accepted.
   * @param {import('./channel-ledger.mjs').ChannelLedger} channel
   */
  #refused({ name, refused, accepted }) {
    for (const { a, b, c } of refused.entries()) {
      const digest = Object.assign(this.digest, { a, b, c });
      const kind = accepted.get(digest)?.kind ?? 0;
      if ((kind & ACCEPTED.line) === 0 || (kind & (ACCEPTED.listed | ACCEPTED.attempted)) !== 0) continue;
      this.books.findings.add({
        ...{ kind: 'contradiction', digest: digest.text, id: undefined, channel: name, group: undefined },
        detail: 'refused according to the list, and there is an order.accepted line',
      });
    }
  }

  /**
   * @param {import('./channel-ledger.mjs').ChannelLedger} channel
   * @param {import('./group-ledger.mjs').GroupLedger} group
   */
  #phantoms(channel, group) {
    if (channel.accepted.size === 0) return;
    const isKnown = this.knowsAcceptances(channel);
    let open = 0;
    const where = { channel: channel.name, group: group.name };
    const detail = 'settled, and no line or list says that it was accepted';
    for (const { a, b, c } of group.closed()) {
      const digest = Object.assign(this.digest, { a, b, c });
      if (channel.accepted.has(digest)) continue;
      open += 1;
      if (isKnown)
        this.books.findings.add({ kind: 'phantom', digest: digest.text, id: undefined, ...where, detail });
    }
    for (const [id, history] of group.open) {
      if (!isSettled(history) || channel.accepted.has(this.digest.of(id))) continue;
      open += 1;
      if (isKnown)
        this.books.findings.add({ kind: 'phantom', digest: this.digest.text, id, ...where, detail });
    }
    if (isKnown || open === 0) return;
    this.books.notJudged.push(
      `whether ${open} messages that ${group.name} settled were accepted: only pods that work on ${channel.name} tell of acceptances (no order logs, no --accepted)`,
    );
  }

  /** @param {import('./channel-ledger.mjs').ChannelLedger} channel */
  knowsAcceptances(channel) {
    return channel.accepted.size > 0 && (this.rules.acceptancesGiven || channel.hasPublishers);
  }
}

/**
 * Of groups without a line their results know the names, unless those are of groups that work on another channel.
 * @param {import('./reconciler.mjs').Reconciler} books
 * @param {string} channel
 * @returns {string[]}
 */
export function groupsWithoutLogs({ channels, results }, channel) {
  const known = [...channels.values()];
  const names = results
    .groupsBeside(channel)
    .filter((name) => known.every(({ groups }) => !groups.has(name)));
  return names.length > 0 ? names : ['(no group)'];
}

/** @param {import('./group-ledger.mjs').GroupLedger} group */
const joinedLater = ({ name }) =>
  `before the first one that ${name} settled: it is taken to have joined then (--group ${name} asks for all)`;
