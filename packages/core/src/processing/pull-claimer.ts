import { errorText } from '../errors.js';
import type { Cancel } from '../ports/clock.js';
import { claimCall, type Claimer, type ClaimerContext } from './claimer.js';
import { wonDelivery } from './won-delivery.js';

/**
 * Strategy `pull`: the message is a doorbell. Pods race with one pull each for the next n, after a random delay, so
 * that they take disjoint batches, losers cost nothing per message, and the body crosses the network once.
 */
export class PullClaimer implements Claimer {
  readonly hears = 'bells';
  private pulling: Promise<void> | undefined;
  private wanted = false;
  private planned: Cancel | undefined;
  private stopped = false;

  constructor(
    private readonly context: ClaimerContext,
    private readonly livePods: () => number,
  ) {}

  heard(): void {
    this.rung();
  }

  rung(): void {
    if (this.stopped) return;
    this.wanted = true;
    if (this.pulling || this.planned) return;
    this.planned = this.context.deps.clock.after(this.wakeUpDelayMs(), () => {
      this.planned = undefined;
      this.pump();
    });
  }

  pump(): void {
    if (this.pulling || this.planned || !this.wanted || this.stopped) return;
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

  /**
   * Uniform in [0, W), W about 1.5 ms per live pod within 5 to 25 ms: the earliest of N comes after W/(N+1), so
   * latency hardly suffers, and the others find the batch gone instead of claiming against each other. Alone, a
   * pod has nobody to make room for.
   */
  private wakeUpDelayMs(): number {
    const pods = this.livePods();
    if (pods <= 1) return 0;
    return this.context.deps.random.next() * Math.min(25, Math.max(5, 1.5 * pods));
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
