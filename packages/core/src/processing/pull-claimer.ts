import { errorText } from '../errors.js';
import type { MessageId } from '../ids.js';
import type { Cancel } from '../ports/clock.js';
import type { Bell, Envelope } from '../ports/feed.js';
import type { Crew } from './backlog-scanner.js';
import { claimCall, type Claimer, type ClaimerContext } from './claimer.js';
import { wonDelivery } from './won-delivery.js';

/** How long those wait for whom a bell is not, milliseconds: at least this, and up to so much longer. */
const OTHERS_WAIT_MS = 10;
const OTHERS_SPREAD_MS = 15;

/**
 * Strategy `pull`: the message is a doorbell. Each bell is for one of the live pods, which pulls at once; the others look
 * a little later, once for all the bells until then, in case that pod is busy or gone. So pods take disjoint batches,
 * losers cost nothing per message, and the body crosses the network once. Whom it is for is a hint: pods that do not
 * agree on who is live both pull, and one finds nothing, or both wait.
 */
export class PullClaimer implements Claimer {
  readonly hears = 'bells';
  private pulling: Promise<void> | undefined;
  private wanted = false;
  private planned: Cancel | undefined;
  private stopped = false;

  constructor(
    private readonly context: ClaimerContext,
    private readonly crew: () => Crew,
  ) {}

  heard(envelopes: readonly Envelope[]): void {
    this.rung(envelopes);
  }

  rung(bells: readonly Bell[]): void {
    const [first] = bells;
    if (this.stopped || !first) return;
    if (this.isOurs(first.id)) {
      this.want();
      return;
    }
    const { clock, random } = this.context.deps;
    this.planned ??= clock.after(OTHERS_WAIT_MS + random.next() * OTHERS_SPREAD_MS, () => {
      this.planned = undefined;
      this.want();
    });
  }

  pump(): void {
    if (this.pulling || !this.wanted || this.stopped) return;
    const limit = Math.min(this.context.inFlight.room, this.context.options.maxBatch);
    if (limit === 0) return;
    this.wanted = false;
    this.pulling = this.pull(limit).finally(() => {
      this.pulling = undefined;
      this.pump();
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.planned?.();
    await this.pulling;
  }

  private want(): void {
    this.wanted = true;
    this.pump();
  }

  /** By the message that the bell rings for, so that bells go round. */
  private isOurs(id: MessageId): boolean {
    const { livePods, podIndex } = this.crew();
    return livePods <= 1 || hashOf(id) % livePods === podIndex;
  }

  private async pull(limit: number): Promise<void> {
    const { deps, ref, hooks } = this.context;
    try {
      const { answer, askedAtMs } = await claimCall(
        this.context,
        (request) => deps.store.pull(ref, { ...request, limit }),
        (won) => won.length,
      );
      if (answer.length === limit) this.wanted = true;
      if (answer.length === 0) return;
      await deps.crashPoints.reach(
        'claim.answered',
        answer.map(({ envelope }) => envelope.id),
      );
      await hooks.won(answer.map((message) => wonDelivery(message, askedAtMs)));
    } catch (error) {
      deps.telemetry.notice({
        level: 'error',
        event: 'engine.pull_failed',
        message: 'a pull failed; its messages stay in the backlog',
        fields: { ...ref, error: errorText(error) },
      });
      hooks.fellBehind();
      await new Promise<void>((resolve) => deps.clock.after(500, resolve));
    }
  }
}

/** FNV-1a, 32 bits, and its upper half mixed into its lower: the lowest bit alone is the parity of the text. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 16)) >>> 0;
}
