import type {
  Clock,
  CommitItem,
  CommitResult,
  FailItem,
  FailResult,
  GroupRef,
  MessageStore,
  OutgoingEvent,
  WonMessage,
} from '@onlyonce/core';

type Envelope = WonMessage['envelope'];
type Headers = Envelope['headers'];

/** A message this pod has won, as the span of its claim tells it. */
export interface Claimed {
  readonly ref: GroupRef;
  readonly pod: string;
  readonly envelope: Envelope;
  /** Absent when it was claimed by its id, as heard: then it is the first attempt. */
  readonly history?: Pick<WonMessage, 'failures' | 'takeovers' | 'previousPod'>;
  /** Wall clock, milliseconds. */
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

/** The span of an event that a commit or a failure sends: its headers go out, its end says that it went. */
export interface Sending {
  readonly headers: Headers;
  sent(): void;
}

/** What a tracer makes of the calls that a store answers. */
export interface StoreSpans {
  claimed(claim: Claimed): void;
  /** @param headers those of the event, which name the span that it comes from */
  sending(channel: string, id: string, headers: Headers): Sending;
}

/**
 * The same store with spans around what it is asked. Only what was won, and only what was really sent, becomes a span:
 * who loses a race pays nothing, and a refused commit leaves no trace of events that nobody got.
 */
export function tracedStore(store: MessageStore, spans: StoreSpans, clock: Clock): MessageStore {
  const timed = async <T>(call: () => Promise<T>): Promise<{ answer: T; times: ClaimTimes }> => {
    const askedAtMs = clock.wallMs();
    const beganMs = clock.monotonicMs();
    const answer = await call();
    return { answer, times: { askedAtMs, answeredAtMs: askedAtMs + clock.monotonicMs() - beganMs } };
  };
  const claimed = (ref: GroupRef, pod: string, times: ClaimTimes, won: readonly WonMessage[]): void => {
    for (const { envelope, ...history } of won) spans.claimed({ ref, pod, envelope, history, ...times });
  };
  const sendings = new Sendings(spans);
  return {
    register: (...args) => store.register(...args),
    publish: (...args) => store.publish(...args),
    extend: (...args) => store.extend(...args),
    release: (...args) => store.release(...args),
    redrive: (...args) => store.redrive(...args),
    ringIfDue: (...args) => store.ringIfDue(...args),
    prune: (...args) => store.prune(...args),
    inspect: (...args) => store.inspect(...args),
    stats: (...args) => store.stats(...args),
    claim: async (ref, request, items) => {
      const { answer, times } = await timed(() => store.claim(ref, request, items));
      items.forEach((envelope, index) => {
        if (answer[index]?.kind === 'won') spans.claimed({ ref, pod: request.pod, envelope, ...times });
      });
      return answer;
    },
    pull: async (ref, request) => {
      const { answer, times } = await timed(() => store.pull(ref, request));
      claimed(ref, request.pod, times, answer);
      return answer;
    },
    claimDue: async (ref, request) => {
      const { answer, times } = await timed(() => store.claimDue(ref, request));
      claimed(ref, request.pod, times, answer.won);
      return answer;
    },
    commit: async (ref, items) => {
      const results = await store.commit(
        ref,
        items.map((item) => sendings.ofCommit(item)),
      );
      items.forEach((item, index) => {
        sendings.answered(item, eventsSentBy(item, results[index]));
      });
      return results;
    },
    fail: async (ref, items) => {
      const results = await store.fail(
        ref,
        items.map((item) => sendings.ofFailure(item)),
      );
      items.forEach((item, index) => {
        sendings.answered(item, eventsOfDeath(item, results[index]));
      });
      return results;
    },
  };
}

interface ClaimTimes {
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

/**
 * The spans of events on their way. An item is offered again, the same object, until the store answers; what it sends
 * then must carry the same span as the first time, since that may be the call that took effect.
 */
class Sendings {
  private readonly known = new WeakMap<object, { readonly item: unknown; readonly byChannel: ByChannel }>();

  constructor(private readonly spans: StoreSpans) {}

  ofCommit(item: CommitItem): CommitItem {
    if (item.events.length === 0 && item.onReject.events.length === 0) return item;
    return this.once(item, (through) => ({
      ...item,
      events: item.events.map(through),
      onReject: { ...item.onReject, events: item.onReject.events.map(through) },
    }));
  }

  ofFailure(item: FailItem): FailItem {
    if (item.onDead.length === 0) return item;
    return this.once(item, (through) => ({ ...item, onDead: item.onDead.map(through) }));
  }

  answered(item: object, sent: readonly Pick<OutgoingEvent, 'channel'>[]): void {
    const known = this.known.get(item);
    if (!known) return;
    this.known.delete(item);
    for (const channel of new Set(sent.map((event) => event.channel))) known.byChannel.get(channel)?.sent();
  }

  /** One span per channel: which of the events go out (confirmed or rejected) only the store knows. */
  private once<Item extends object>(item: Item, rewritten: (through: Rewrite) => Item): Item {
    const known = this.known.get(item);
    // Put there below, under the same item.
    if (known) return known.item as Item;
    const byChannel: ByChannel = new Map();
    const traced = rewritten((event) => {
      let sending = byChannel.get(event.channel);
      if (!sending) {
        sending = this.spans.sending(event.channel, event.id, event.headers);
        byChannel.set(event.channel, sending);
      }
      return { ...event, headers: { ...event.headers, ...sending.headers } };
    });
    this.known.set(item, { item: traced, byChannel });
    return traced;
  }
}

type ByChannel = Map<string, Sending>;
type Rewrite = <Event extends Pick<OutgoingEvent, 'channel' | 'id' | 'headers'>>(event: Event) => Event;

function eventsSentBy(item: CommitItem, result: CommitResult | undefined): CommitItem['events'] {
  const settled = result?.kind === 'committed' || (result?.kind === 'duplicate' && result.own === true);
  if (!settled) return [];
  return result.outcome === item.outcome ? item.events : item.onReject.events;
}

function eventsOfDeath(item: FailItem, result: FailResult | undefined): FailItem['onDead'] {
  return result?.kind === 'dead' ? item.onDead : [];
}
