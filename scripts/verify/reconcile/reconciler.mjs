// @ts-check
import { compareTokens } from '../lines/token.mjs';
import { ACCEPTED, ChannelLedger } from './channel-ledger.mjs';
import { CompactTable } from './compact-table.mjs';
import { countFact } from './count-fact.mjs';
import { Findings } from './findings.mjs';
import { GroupLedger, SETTLED } from './group-ledger.mjs';
import { IdDigest } from './id-digest.mjs';
import { judgeHistory } from './judge-history.mjs';
import { printOf } from './line-print.mjs';
import { Pods } from './pods.mjs';
import { TimeSeries } from './time-series.mjs';
import { Waits } from './waits.mjs';

/**
 * @typedef {import('../lines/fact.mjs').Fact} Fact
 * @typedef {{ maxWaitMs: number, strictLines: boolean, faults: import('./fault-list.mjs').FaultList }} Rules
 *   strictLines: sources deliver each line once, so the same line twice is two effects
 */

/** The id of an event that was committed together with a message's settlement, or with its death (`d<token>`). */
const RESULT_ID = /^(.+):([^:]+):(d\d+:)?\d+$/s;

const MOST_BROKEN_KEPT = 10_000;
const MOST_TAKEOVERS_DRAWN = 2_000;
const IDS_KEPT = 10_000;

/**
 * Takes the facts of all logs in any order across pods and keeps what is needed to judge them. Memory: an object per
 * message that is open, an entry of some 60 bytes per message that is settled or accepted, counters for the rest.
 */
export class Reconciler {
  pods = new Pods();
  findings = new Findings();
  waits = new Waits();
  series = new TimeSeries();
  /** @type {Map<string, ChannelLedger>} */
  channels = new Map();
  /** Settlements that are known by what follows from them, by name of the group. @type {Map<string, CompactTable>} */
  results = new Map();
  /** Lines cut off that speak of a message, by its digest. @type {Map<string, Record<string, string>[]>} */
  broken = new Map();
  /** @type {{ at: number, from: string, to: string }[]} */
  takeovers = [];
  /** The first ids accepted, for those who ask the store about them. @type {string[]} */
  acceptedIds = [];
  firstAt = Infinity;
  lastAt = -Infinity;
  facts = 0;
  /** Lines that were there before, word for word. */
  repeated = 0;
  /** Among them, lines of effects. */
  repeatedEffects = 0;
  /** Accepted again after a declared loss of data. */
  acceptedAgain = 0;
  heard = 0;

  #digest = new IdDigest();

  /** @param {Rules} rules */
  constructor(rules) {
    this.rules = rules;
  }

  /** @param {Fact} fact */
  take(fact) {
    this.facts += 1;
    const { at } = fact;
    if (at < this.firstAt) this.firstAt = at;
    if (at > this.lastAt) this.lastAt = at;
    const pod = this.pods.of(fact);
    switch (fact.event) {
      case 'service.started':
        pod.life += 1;
        pod.stopped = false;
        return;
      case 'service.stopping':
        return;
      case 'service.stopped':
        pod.stopped = true;
        return;
      case 'order.accepted':
        this.#accepted(fact, pod);
        return;
      default:
        if (fact.group === undefined) this.#repeatedOrder(fact);
        else this.#ofGroup(fact, fact.group, pod);
    }
  }

  /**
   * An id of the list of accepted orders.
   * @param {string} id
   * @param {string} channel
   * @param {boolean} certain false when its answer was lost
   */
  takeListed(id, channel, certain) {
    const how = certain ? ACCEPTED.listed : ACCEPTED.attempted;
    const known = this.channel(channel).accept(this.#digest.of(id), { how });
    if (known === 'first') this.#keepId(id);
  }

  /**
   * @param {string} id of an order that the store has a record of
   * @param {string} channel
   */
  takeImplied(id, channel) {
    this.channel(channel).accept(this.#digest.of(id), { how: ACCEPTED.implied });
  }

  /** @param {Record<string, string>} fields what could be read of a broken line */
  takeBroken(fields) {
    const { messageId: id, event, channel } = fields;
    if (id === undefined || event === undefined) return;
    const digest = this.#digest.of(id);
    if (event === 'order.accepted' && channel !== undefined)
      this.channel(channel).accept(digest, { how: ACCEPTED.implied });
    const list = this.broken.get(digest.text);
    if (list) list.push(fields);
    else if (this.broken.size < MOST_BROKEN_KEPT) this.broken.set(digest.text, [fields]);
  }

  /**
   * @param {string} name
   * @returns {ChannelLedger}
   */
  channel(name) {
    let channel = this.channels.get(name);
    if (!channel) {
      channel = new ChannelLedger(name);
      this.channels.set(name, channel);
    }
    return channel;
  }

  /**
   * @param {Fact} fact
   * @param {import('./pods.mjs').Pod} pod
   */
  #accepted(fact, pod) {
    const { id, at } = fact;
    const channel = this.channel(fact.channel);
    const digest = this.#digest.of(id);
    const before = channel.accepted.get(digest);
    const how = ACCEPTED.line;
    const known = channel.accept(digest, { how, at, print: printOf(fact, pod.number), pod: pod.number });
    if (known === 'same-line' && !this.rules.strictLines) {
      this.repeated += 1;
      return;
    }
    if (known === 'same-line' || known === 'second') {
      if (before && this.rules.faults.lossBetween(Math.min(before.at, at), Math.max(before.at, at)))
        this.acceptedAgain += 1;
      else {
        const detail = 'a second order.accepted line of the same id: the publisher did not know it again';
        this.findings.add({
          kind: 'accepted-twice',
          digest: digest.text,
          id,
          channel: channel.name,
          group: undefined,
          detail,
        });
      }
      return;
    }
    pod.accepted += 1;
    this.series.add('accepted', at);
    if (known === 'first') this.#keepId(id);
    // Its settlement may have been read before: another pod's log, another clock.
    for (const group of channel.groups.values()) {
      const settled = group.settled.get(digest);
      if (settled && settled.kind !== SETTLED.dead) this.waited(group, id, at, settled.at);
    }
  }

  /** @param {string} id */
  #keepId(id) {
    if (this.acceptedIds.length < IDS_KEPT) this.acceptedIds.push(id);
  }

  /** @param {Fact} fact `message.duplicate` of the publisher: the order was accepted before */
  #repeatedOrder({ id, channel }) {
    const ledger = this.channel(channel);
    const digest = this.#digest.of(id);
    if (!ledger.accepted.has(digest)) ledger.accept(digest, { how: ACCEPTED.implied });
  }

  /**
   * @param {Fact} fact
   * @param {string} groupName
   * @param {import('./pods.mjs').Pod} pod
   */
  #ofGroup(fact, groupName, pod) {
    const channel = this.channel(fact.channel);
    let group = channel.groups.get(groupName);
    if (!group) {
      group = new GroupLedger(channel.name, groupName);
      channel.groups.set(groupName, group);
    }
    countFact(fact, pod, group);
    if (fact.event === 'message.received') this.heard += 1;
    if (!group.open.has(fact.id)) {
      const settled = group.settled.get(this.#digest.of(fact.id));
      if (settled && !this.#concernsSettled(fact, pod, settled)) {
        this.#noteOlderClaim(group, fact, settled);
        return;
      }
      if (settled) this.#reopen(group, fact.id, settled);
    }
    this.#note(group, group.history(fact.id), fact, pod);
  }

  /**
   * Whether a line about a message that is settled may change the judgement.
   * @param {Fact} fact
   * @param {import('./pods.mjs').Pod} pod
   * @param {import('./compact-table.mjs').Entry} settled
   */
  #concernsSettled(fact, pod, settled) {
    switch (fact.event) {
      case 'lock.won': {
        const order = compareTokens(fact.token ?? '', settled.token ?? '');
        if (order === 0 && pod.number === settled.pod) this.repeated += 1;
        return order > 0 || (order === 0 && pod.number !== settled.pod);
      }
      case 'message.recovered':
        return fact.previousPod !== undefined && compareTokens(fact.token ?? '', settled.token ?? '') > 0;
      case 'message.processed':
      case 'message.rejected':
      case 'message.dead':
        if (this.rules.strictLines || printOf(fact, pod.number) !== settled.print) return true;
        this.repeated += 1;
        this.repeatedEffects += 1;
        return false;
      default:
        return false;
    }
  }

  /**
   * Of claims that are read after the settlement the first attempt is kept: it tells a redrive from a next attempt.
   * @param {GroupLedger} group
   * @param {Fact} fact
   * @param {import('./compact-table.mjs').Entry} settled
   */
  #noteOlderClaim(group, { event, attempt }, settled) {
    if (event !== 'lock.won' || attempt === undefined || attempt >= (settled.attempt ?? 0)) return;
    group.settled.set(this.#digest, { ...settled, attempt });
  }

  /**
   * @param {GroupLedger} group
   * @param {string} id
   * @param {import('./compact-table.mjs').Entry} settled
   */
  #reopen(group, id, { token, pod, at, print, kind, attempt }) {
    const history = group.history(id);
    const event = EVENT_OF_KIND[kind] ?? 'message.processed';
    // It was judged clean, so its claim is known.
    history.addWin({ token, pod, attempt, life: this.pods.list[pod]?.life ?? 0 });
    history.addEnding({ event, token, pod, attempt: undefined, at, print, sameAs: 0 }, false);
    history.waitCounted = kind !== SETTLED.dead;
    history.forgotBelow = token;
  }

  /**
   * @param {GroupLedger} group
   * @param {import('./history.mjs').History} history
   * @param {Fact} fact
   * @param {import('./pods.mjs').Pod} pod
   */
  #note(group, history, fact, pod) {
    const { event, token, attempt, at, id } = fact;
    if (!(at <= history.lastAt)) history.lastAt = at;
    switch (event) {
      case 'message.received':
        history.heard += 1;
        return;
      case 'lock.won':
        if (!history.addWin({ token, pod: pod.number, attempt, life: pod.life })) this.repeated += 1;
        break;
      case 'lock.lost':
        if (token !== undefined) return;
        if (fact.reason === 'already processed') history.calledProcessed = true;
        return;
      case 'message.recovered':
        if (fact.previousPod !== undefined) this.#tookOver(history, fact, fact.previousPod);
        return;
      case 'message.duplicate':
        history.refused += 1;
        if (fact.reason === 'already processed') history.calledProcessed = true;
        history.gaveBack(token, pod.number);
        return;
      case 'message.retry':
        history.retries += 1;
        history.gaveBack(token, pod.number);
        return;
      case 'message.released':
        history.gaveBack(token, pod.number);
        return;
      case 'message.processed':
      case 'message.rejected':
      case 'message.dead': {
        const print = printOf(fact, pod.number);
        const ending = { event, token, pod: pod.number, attempt, at, print, sameAs: 0 };
        if (!history.addEnding(ending, this.rules.strictLines)) {
          this.repeated += 1;
          this.repeatedEffects += 1;
          return;
        }
        this.series.add(event, at);
        if (event !== 'message.dead') this.#noteResult(id, group);
        break;
      }
      default:
        return;
    }
    this.#retireIfClean(group, id, history);
  }

  /**
   * @param {import('./history.mjs').History} history
   * @param {Fact} fact
   * @param {string} previousPod
   */
  #tookOver(history, { token, at, pod }, previousPod) {
    if (token === undefined || history.takeovers.includes(token)) return;
    history.takeovers.push(token);
    if (this.takeovers.length < MOST_TAKEOVERS_DRAWN) this.takeovers.push({ at, from: previousPod, to: pod });
    this.series.add('takeovers', at);
  }

  /**
   * A settled message keeps an entry in a table, and nothing else.
   * @param {GroupLedger} group
   * @param {string} id
   * @param {import('./history.mjs').History} history
   */
  #retireIfClean(group, id, history) {
    const { settlements, deaths } = history;
    if (settlements.length > 1 || settlements.length + deaths.length === 0) return;
    const ending = settlements[0] ?? deaths.at(-1);
    if (!ending || judgeHistory(history).length > 0) return;
    const highest = history.highestWin?.token;
    // Dead, and won again since: sent back, and not settled yet.
    if (ending.event === 'message.dead' && compareTokens(highest ?? '', ending.token ?? '') > 0) return;
    const { at, token, print, pod } = ending;
    const digest = this.#digest.of(id);
    const kind = KIND_OF_EVENT[ending.event] ?? SETTLED.processed;
    group.settled.set(digest, { at, token, print, pod, kind, attempt: history.firstAttempt });
    group.open.delete(id);
    if (settlements.length > 0 && deaths.length > 0) group.redriven += 1;
    if (ending.event === 'message.dead' || history.waitCounted) return;
    const accepted = this.channels.get(group.channel)?.accepted.get(digest);
    if (accepted && (accepted.kind & ACCEPTED.line) !== 0) this.waited(group, id, accepted.at, at);
  }

  /**
   * @param {GroupLedger} group
   * @param {string} id
   * @param {number} acceptedAt
   * @param {number} settledAt
   */
  waited(group, id, acceptedAt, settledAt) {
    if (Number.isNaN(acceptedAt) || Number.isNaN(settledAt)) return;
    this.waits.add(settledAt - acceptedAt);
    const { faults, maxWaitMs } = this.rules;
    const blamedMs = settledAt - faults.waitingFrom(acceptedAt, settledAt);
    if (blamedMs <= maxWaitMs) return;
    this.findings.add({
      kind: 'late',
      digest: this.#digest.of(id).text,
      id,
      channel: group.channel,
      group: group.name,
      detail: `waited ${Math.round(blamedMs)} ms, ${maxWaitMs} ms are allowed`,
    });
  }

  /**
   * An event that was committed together with another message's settlement, and is processed now, proves that one.
   * @param {string} id
   * @param {GroupLedger} group
   */
  #noteResult(id, group) {
    const [, base, name, death] = RESULT_ID.exec(id) ?? [];
    if (base === undefined || name === undefined) return;
    const digest = this.#digest.of(base);
    for (const channel of this.channels.values()) {
      const other = channel.groups.get(name);
      if (other && other !== group && other.settled.has(digest)) return;
    }
    let results = this.results.get(name);
    if (!results) {
      results = new CompactTable();
      this.results.set(name, results);
    }
    const kind = death === undefined ? SETTLED.processed : SETTLED.dead;
    results.set(digest, { at: Number.NaN, token: undefined, print: 0, pod: 0, kind });
  }
}

/** @type {Record<number, string>} */
const EVENT_OF_KIND = {
  [SETTLED.processed]: 'message.processed',
  [SETTLED.rejected]: 'message.rejected',
  [SETTLED.dead]: 'message.dead',
};

/** @type {Record<string, number>} */
const KIND_OF_EVENT = {
  'message.processed': SETTLED.processed,
  'message.rejected': SETTLED.rejected,
  'message.dead': SETTLED.dead,
};
