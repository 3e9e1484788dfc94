import { errorText } from '../errors.js';
import type { Envelope } from '../ports/feed.js';
import { traceOf } from '../ports/telemetry.js';
import { claimCall, freshDelivery, type Claimer, type ClaimerContext } from './claimer.js';
import type { Delivery } from './delivery.js';
import { Intake } from './intake.js';

/** Heard and not claimed, for each message that may be in flight: a burst should not have to be read from the backlog. */
const HEARD_PER_IN_FLIGHT = 4;
const MOST_CHARACTERS_HEARD = 4_194_304;

/**
 * Strategy `race`: every pod claims by id what it hears. Messages gather while a claim is under way and go out in
 * one call, so the price of losing falls as load rises.
 */
export class RaceClaimer implements Claimer {
  readonly hears = 'envelopes';
  private readonly intake: Intake;
  private claiming: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly context: ClaimerContext) {
    this.intake = new Intake({
      messages: HEARD_PER_IN_FLIGHT * context.options.maxInFlight,
      characters: MOST_CHARACTERS_HEARD,
    });
  }

  heard(envelopes: readonly Envelope[]): void {
    if (this.stopped) return;
    for (const envelope of envelopes) {
      if (!this.context.inFlight.has(envelope.id)) this.intake.offer(envelope);
    }
    this.pump();
  }

  rung(): void {
    this.intake.behind = true;
    this.pump();
  }

  pump(): void {
    if (this.stopped) return;
    this.catchUp();
    if (this.claiming) return;
    const room = Math.min(this.context.inFlight.room, this.context.options.maxBatch);
    if (this.intake.size > 0 && room > 0) {
      this.claiming = this.claim(this.intake.take(room)).finally(() => {
        this.claiming = undefined;
        this.pump();
      });
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.intake.clear();
    await this.claiming;
  }

  /**
   * Reads the backlog for what was dropped: when the intake is half empty at the latest, since under a load that never
   * pauses it may never be empty, and what was dropped would wait for the sweep.
   */
  private catchUp(): void {
    if (!this.intake.behind || this.context.inFlight.room === 0) return;
    if (this.intake.size > (HEARD_PER_IN_FLIGHT * this.context.options.maxInFlight) / 2) return;
    this.intake.behind = false;
    this.context.hooks.fellBehind();
  }

  private async claim(envelopes: Envelope[]): Promise<void> {
    const { deps, options, ref, hooks } = this.context;
    await deps.crashPoints.reach(
      'envelope.received',
      envelopes.map((envelope) => envelope.id),
    );
    try {
      const { answer, askedAtMs } = await claimCall(
        this.context,
        (request) => deps.store.claim(ref, request, envelopes),
        () => envelopes.length,
      );
      const won: Delivery[] = [];
      envelopes.forEach((envelope, index) => {
        const result = answer[index];
        if (result?.kind === 'won') {
          won.push(freshDelivery(envelope, result.token, options.lockTtlMs, askedAtMs));
        } else {
          const reason = result?.kind === 'done' ? 'already processed' : 'held by another pod';
          const trace = traceOf(deps.tracer, envelope.headers);
          deps.telemetry.message({ event: 'lock.lost', messageId: envelope.id, ...ref, reason, ...trace });
        }
      });
      if (won.length === 0) return;
      await deps.crashPoints.reach(
        'claim.answered',
        won.map(({ envelope }) => envelope.id),
      );
      await hooks.won(won);
    } catch (error) {
      // Refused for good, or shutting down. The backlog still has the messages: the sweep comes to them.
      this.intake.behind = true;
      deps.telemetry.notice({
        level: 'error',
        event: 'engine.claim_failed',
        message: 'a claim failed; its messages stay in the backlog',
        fields: { ...ref, messages: envelopes.length, error: errorText(error) },
      });
      await new Promise<void>((resolve) => deps.clock.after(500, resolve));
    }
  }
}
