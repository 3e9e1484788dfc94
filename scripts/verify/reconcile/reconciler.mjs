// @ts-check
import { ownText } from '../lines/own-text.mjs';
import { noteAccepted, noteRepeatedOrder } from './acceptances.mjs';
import { BrokenLines } from './broken-lines.mjs';
import { ACCEPTED, ChannelLedger } from './channel-ledger.mjs';
import { countFact } from './count-fact.mjs';
import { Findings } from './findings.mjs';
import { GroupLedger } from './group-ledger.mjs';
import { IdDigest } from './id-digest.mjs';
import { noteFact } from './note-fact.mjs';
import { Pods } from './pods.mjs';
import { ClockOrder } from './clock-order.mjs';
import { LateOnes } from './late-ones.mjs';
import { Results } from './results.mjs';
import { concernsSettled, reopen } from './settled-message.mjs';
import { StockSets } from './stock-sets.mjs';
import { TimeSeries } from './time-series.mjs';
import { Waits } from './waits.mjs';

/**
 * @typedef {import('../lines/fact.mjs').Fact} Fact
 * @typedef {{ maxWaitMs: number, strictLines: boolean, faults: import('./fault-list.mjs').FaultList, idsKept: number }} Rules
 *   strictLines: sources deliver each line once, so the same line twice is two effects;
 *   idsKept: of so many orders the store is asked
 */

/**
 * Takes the facts of all logs in any order across pods and keeps what is needed to judge them. Memory: an object per
 * message that is open, an entry of some 60 bytes per message that is settled or accepted and per line that most messages
 * have none of (an older claim, a retry, a takeover, a refusal), counters for the rest.
 */
export class Reconciler {
  pods = new Pods();
  findings = new Findings();
  waits = new Waits();
  series = new TimeSeries();
  clocks = new ClockOrder();
  results = new Results(this.clocks);
  stockSets = new StockSets();
  /** @type {Map<string, ChannelLedger>} */
  channels = new Map();
  broken = new BrokenLines();
  /** @type {{ at: number, from: string, to: string }[]} */
  takeovers = [];
  /** The first ids accepted, for those who ask the store about them. @type {string[]} */
  acceptedIds = [];
  /** What the logs leave open, and is taken to be right. @type {string[]} */
  notJudged = [];
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
  /** One for all: nobody keeps it beyond the next id. */
  digest = new IdDigest();

  /** @param {Rules} rules */
  constructor(rules) {
    this.rules = rules;
    this.late = new LateOnes(this.findings, this.clocks, rules.maxWaitMs);
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
        this.pods.started(pod, at);
        return;
      case 'service.stopping':
        return;
      case 'service.stopped':
        pod.stopped = true;
        return;
      case 'stock.set':
        if (fact.stock) this.stockSets.note(fact.stock, { at, pod: pod.number });
        return;
      case 'order.accepted':
        this.stockSets.noteMessage(pod.number, at);
        noteAccepted(this, fact, pod);
        return;
      default:
        this.stockSets.noteMessage(pod.number, at);
        if (fact.group === undefined) noteRepeatedOrder(this, fact, pod);
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
    const known = this.channel(channel).accept(this.digest.of(id), { how });
    if (known === 'first') this.keepId(id);
  }

  /**
   * An id of which the list says that it was refused.
   * @param {string} id
   * @param {string} channel
   */
  takeRefused(id, channel) {
    const entry = { at: Number.NaN, token: undefined, print: 0, pod: 0, kind: 1 };
    this.channel(channel).refused.set(this.digest.of(id), entry);
  }

  /**
   * @param {string} id of an order that must have been accepted: the store has a record of it, or half a line says so
   * @param {string} channel
   */
  takeImplied(id, channel) {
    const known = this.channel(channel).accept(this.digest.of(id), { how: ACCEPTED.implied });
    if (known === 'first') this.keepId(id);
  }

  /** @param {Record<string, string>} fields what could be read of a broken line */
  takeBroken(fields) {
    const { event, channel, messageId: id } = fields;
    this.broken.note(fields, this.digest);
    if (event === 'order.accepted' && channel !== undefined && id !== undefined)
      this.takeImplied(id, channel);
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

  /** @param {string} id of an order accepted */
  keepId(id) {
    if (this.acceptedIds.length < this.rules.idsKept) this.acceptedIds.push(ownText(id));
  }

  /**
   * @param {import('./group-ledger.mjs').GroupLedger} group
   * @param {string} id
   * @param {{ at: number, pod: number }} accepted
   * @param {{ at: number, pod: number }} settled
   */
  waited(group, id, accepted, settled) {
    if (Number.isNaN(accepted.at) || Number.isNaN(settled.at)) return;
    this.clocks.note(accepted, settled);
    this.waits.add(settled.at - accepted.at - this.clocks.ahead(settled.pod, accepted.pod));
    const { faults, maxWaitMs } = this.rules;
    const ms = settled.at - faults.waitingFrom(accepted.at, settled.at);
    if (ms <= maxWaitMs) return;
    const { text: digest } = this.digest.of(id);
    const finding = { digest, id, channel: group.channel, group: group.name };
    this.late.add({ finding, ms, by: settled.pod, of: accepted.pod });
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
    group.pods.add(pod.number);
    countFact(fact, pod, group, this.rules.strictLines);
    if (fact.event === 'message.received') this.heard += 1;
    if (!group.open.has(fact.id)) {
      const settled = group.settled.get(this.digest.of(fact.id));
      if (settled && !concernsSettled(this, group, fact, pod, settled)) return;
      if (settled) reopen(this, group, fact.id, settled);
    }
    noteFact(this, group, fact, pod);
  }
}
