import { errorText, PermanentFailure, ShuttingDownError } from '../errors.js';
import type { Bell, FeedListener, Subscription } from '../ports/feed.js';
import type { GroupRef, WonMessage } from '../ports/message-store.js';
import { traceOf } from '../ports/telemetry.js';
import { BacklogScanner } from './backlog-scanner.js';
import type { Claimer } from './claimer.js';
import type { ConsumerDeps } from './consumer-deps.js';
import type { ConsumerOptions } from './consumer-options.js';
import type { Delivery } from './delivery.js';
import { HandlerLockGuard, type Busy } from './handler-lock-guard.js';
import { HandlerRunner, type HandlerDefinition, type HandlerResult } from './handler-runner.js';
import { InFlight } from './in-flight.js';
import { LockKeeper } from './lock-keeper.js';
import { persistently } from './persistent-call.js';
import { PullClaimer } from './pull-claimer.js';
import { RaceClaimer } from './race-claimer.js';
import { Settler } from './settler.js';

export type ConsumerState = 'new' | 'starting' | 'ready' | 'draining' | 'stopped';

/**
 * One group's share of one channel in one pod: hears, claims, runs the handler, commits, recovers.
 * @see docs/protocol.md#what-a-pod-does
 */
export class Consumer {
  private state: ConsumerState = 'new';
  private readonly ref: GroupRef;
  private readonly inFlight: InFlight;
  private readonly claimer: Claimer;
  private readonly scanner: BacklogScanner;
  private readonly keeper: LockKeeper;
  private readonly settler: Settler;
  private readonly runner: HandlerRunner;
  private readonly lockGuard: HandlerLockGuard;
  /** From the start of a drain on no claim is asked again. */
  private readonly leaving = new AbortController();
  /** From the end of a drain on no result is offered again. */
  private readonly giveUp = new AbortController();
  private subscription: Subscription | undefined;

  constructor(
    private readonly deps: ConsumerDeps,
    readonly options: ConsumerOptions,
    definition: HandlerDefinition,
  ) {
    this.ref = { channel: options.channel, group: options.group };
    this.inFlight = new InFlight(options);
    const context = {
      deps,
      options,
      ref: this.ref,
      inFlight: this.inFlight,
      signal: this.leaving.signal,
      hooks: {
        won: (deliveries: readonly Delivery[]) => this.admit(deliveries),
        fellBehind: () => {
          this.scanner.scanAll();
        },
      },
    };
    this.scanner = new BacklogScanner(context, (delivery, message) => {
      this.tellRecovered(delivery, message);
    });
    this.claimer =
      options.strategy === 'race'
        ? new RaceClaimer(context)
        : new PullClaimer(context, () => this.scanner.crew);
    this.keeper = new LockKeeper(deps, options, this.ref, this.inFlight, (delivery, error) => {
      delivery.controller.abort(error);
      void this.settleFailure(delivery, error);
    });
    this.settler = new Settler(deps, options, this.giveUp.signal);
    this.runner = new HandlerRunner(deps, options, definition);
    this.lockGuard = new HandlerLockGuard(deps, options);
  }

  get currentState(): ConsumerState {
    return this.state;
  }

  /** Messages won and not settled. */
  get inFlightCount(): number {
    return this.inFlight.size;
  }

  /**
   * Registers the group, subscribes, *then* reads the backlog: in this order nothing falls between the two.
   * Waits while the store is away. Resolves when the backlog found at the start has been read.
   */
  async start(): Promise<void> {
    if (this.state !== 'new') throw new ShuttingDownError(`the consumer was started before (${this.state})`);
    this.state = 'starting';
    const persistence = { clock: this.deps.clock, random: this.deps.random, signal: this.leaving.signal };
    await persistently(persistence, () => this.deps.store.register(this.ref, this.options.from));
    const subscription = await persistently(persistence, () =>
      this.deps.feed.subscribe(this.options.channel, this.listener(), this.claimer.hears),
    );
    if (!this.isStarting()) {
      // drain() came in between, and found nothing to close.
      await subscription.close();
      return;
    }
    this.subscription = subscription;
    this.scanner.scanAll();
    this.scanner.start();
    this.keeper.start();
    await this.scanner.whenCaughtUp();
    if (this.isStarting()) this.state = 'ready';
  }

  /**
   * Stops claiming, lets running handlers finish and their results be committed, and gives back everything else at
   * once, uncounted: nobody waits for a TTL because of a rolling update.
   * @param drainMs how long running handlers may take, milliseconds; after that they are aborted and given back
   */
  async drain(drainMs: number): Promise<void> {
    if (this.state === 'stopped' || this.state === 'draining') return;
    this.state = 'draining';
    this.leaving.abort();
    const claimsEnded = Promise.all([this.claimer.stop(), this.scanner.stop()]);
    await this.deps.crashPoints.reach('drain.started', []);
    const closing = this.subscription?.close().catch((error: unknown) => {
      this.notice('warn', 'engine.unsubscribe_failed', 'could not unsubscribe', error);
    });
    await this.release(this.inFlight.takeReady());
    const finished = await this.emptyWithin(drainMs, claimsEnded);
    if (!finished) {
      const late = [...this.inFlight.values()];
      for (const delivery of late) {
        delivery.controller.abort(
          new ShuttingDownError(`the pod stops; the handler did not end within ${drainMs} ms`),
        );
      }
      this.giveUp.abort();
      await this.release(late);
    }
    this.giveUp.abort();
    this.keeper.stop();
    await closing;
    this.state = 'stopped';
  }

  /** As a call, since drain() may change it while start() waits, which the compiler does not see. */
  private isStarting(): boolean {
    return this.state === 'starting';
  }

  private listener(): FeedListener {
    return {
      onEnvelopes: (envelopes) => {
        this.tellReceived(envelopes);
        this.claimer.heard(envelopes);
      },
      onBells: (bells) => {
        this.tellReceived(bells);
        this.claimer.rung(bells);
      },
      onDoorbell: (reason) => {
        this.onDoorbell(reason);
      },
      onGarbage: (sample) => {
        this.onGarbage(sample);
      },
    };
  }

  private tellReceived(heard: readonly Bell[]): void {
    const { telemetry, tracer } = this.deps;
    const { channel, group } = this.ref;
    for (const { id, headers } of heard) {
      telemetry.message({
        event: 'message.received',
        messageId: id,
        channel,
        group,
        ...traceOf(tracer, headers),
      });
    }
  }

  private onDoorbell(reason: 'resubscribed' | 'rung'): void {
    if (this.state === 'draining' || this.state === 'stopped') return;
    if (reason === 'resubscribed') {
      this.notice('info', 'engine.resubscribed', 'subscribed again; reading the backlog for what was missed');
      // An empty store that should not be empty has lost the registration, too.
      const persistence = { clock: this.deps.clock, random: this.deps.random, signal: this.leaving.signal };
      void persistently(persistence, () => this.deps.store.register(this.ref, this.options.from)).catch(
        (error: unknown) => {
          this.notice('error', 'engine.register_failed', 'could not register the group again', error);
        },
      );
    }
    this.scanner.scanAll();
  }

  private onGarbage(sample: string): void {
    this.deps.telemetry.notice({
      level: 'warn',
      event: 'engine.bad_envelope',
      message: 'ignored something on the channel that is no envelope',
      fields: { ...this.ref, sample: sample.slice(0, 100) },
    });
  }

  private async admit(deliveries: readonly Delivery[]): Promise<void> {
    if (this.state === 'draining' || this.state === 'stopped') {
      await this.release(deliveries);
      return;
    }
    const { channel, group } = this.ref;
    for (const delivery of deliveries) {
      const superseded = this.inFlight.add(delivery);
      if (superseded) this.keeper.abort(superseded, 'claimed again by this pod');
      this.deps.telemetry.message({
        event: 'lock.won',
        messageId: delivery.envelope.id,
        channel,
        group,
        attempt: delivery.attempt,
        fencingToken: delivery.token.fence,
        ...traceOf(this.deps.tracer, delivery.envelope.headers),
      });
    }
    this.pump();
  }

  private pump(): void {
    for (let next = this.inFlight.start(); next; next = this.inFlight.start()) void this.process(next);
    if (this.state === 'draining' || this.state === 'stopped') return;
    this.claimer.pump();
    this.scanner.pump();
  }

  private async process(delivery: Delivery): Promise<void> {
    try {
      let result: HandlerResult | Busy;
      try {
        result = await this.run(delivery);
      } finally {
        // The slot is free for the next one while the result is on its way to the store.
        this.inFlight.ran();
        this.pump();
      }
      if (delivery.settled) return;
      switch (result.kind) {
        case 'busy':
          await this.giveBackLater(delivery);
          return;
        case 'fail':
          await this.settleFailure(delivery, result.error);
          return;
        case 'commit': {
          const fault = await this.settler.commit(delivery, result.settlement);
          if (fault === 'settled') this.inFlight.remove(delivery);
          else await this.settleFailure(delivery, fault);
          return;
        }
        default:
          result satisfies never;
      }
    } catch (error) {
      // Only at shutdown, or when the store refuses for good: the backlog keeps the message, its lock runs out.
      this.notice(
        'error',
        'engine.result_lost',
        'a result could not be reported; the message will run again',
        error,
        delivery,
      );
      delivery.span?.end('lost', error);
      this.inFlight.remove(delivery);
    } finally {
      this.pump();
    }
  }

  private run(delivery: Delivery): Promise<HandlerResult | Busy> {
    if (delivery.takeovers > this.options.maxTakeovers) {
      const reason = `${delivery.takeovers} owners vanished while they processed it`;
      return Promise.resolve({ kind: 'fail', error: new PermanentFailure(reason) });
    }
    return this.lockGuard.around(delivery, () => this.runner.run(delivery));
  }

  private async settleFailure(delivery: Delivery, error: unknown): Promise<void> {
    if (delivery.settled) return;
    delivery.settled = true;
    try {
      await this.settler.fail(delivery, error, this.runner.deathEvents(delivery, error));
    } catch (failure) {
      this.notice('error', 'engine.failure_lost', 'a failure could not be reported', failure, delivery);
      delivery.span?.end('lost', error);
    } finally {
      this.inFlight.remove(delivery);
      this.pump();
    }
  }

  /** Gives messages back, uncounted. Best effort: a lock that is not given back runs out. */
  private async release(deliveries: readonly Delivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    try {
      const items = deliveries.map(({ envelope, token, lockTtlMs }) => ({
        id: envelope.id,
        token,
        lockTtlMs,
      }));
      await this.deps.store.release(this.ref, items);
      for (const delivery of deliveries) {
        const { id: messageId } = delivery.envelope;
        this.deps.telemetry.message({
          event: 'message.released',
          messageId,
          ...this.ref,
          attempt: delivery.attempt,
          fencingToken: delivery.token.fence,
          ...traceOf(this.deps.tracer, delivery.envelope.headers),
        });
        delivery.span?.end('released');
      }
    } catch (error) {
      this.notice(
        'warn',
        'engine.release_failed',
        'messages could not be given back; their locks will run out',
        error,
      );
    } finally {
      for (const delivery of deliveries) this.inFlight.remove(delivery);
    }
  }

  /** Releasing rings: given back at once it would come back at once, for as long as the other lock is held. */
  private async giveBackLater(delivery: Delivery): Promise<void> {
    await this.pause((this.options.lockTtlMs / 4) * (0.5 + this.deps.random.next() / 2));
    if (!delivery.settled) await this.release([delivery]);
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.deps.clock.after(delayMs, resolve));
  }

  private async emptyWithin(drainMs: number, claimsEnded: Promise<unknown>): Promise<boolean> {
    let cancel = (): void => undefined;
    const late = new Promise<boolean>((resolve) => {
      cancel = this.deps.clock.after(drainMs, () => {
        resolve(false);
      });
    });
    const finished = await Promise.race([
      Promise.all([claimsEnded, this.inFlight.whenEmpty()]).then(() => true),
      late,
    ]);
    cancel();
    return finished;
  }

  private tellRecovered(delivery: Delivery, message: WonMessage): void {
    this.deps.telemetry.message({
      event: 'message.recovered',
      messageId: delivery.envelope.id,
      ...this.ref,
      attempt: delivery.attempt,
      fencingToken: delivery.token.fence,
      reason: recoveryReason(message),
      ...(message.previousPod === undefined ? {} : { previousPod: message.previousPod }),
      ...traceOf(this.deps.tracer, delivery.envelope.headers),
    });
  }

  // eslint-disable-next-line no-restricted-syntax -- what a line has, in the order it is read
  private notice(
    level: 'info' | 'warn' | 'error',
    event: string,
    message: string,
    error?: unknown,
    delivery?: Delivery,
  ): void {
    const fields = {
      ...this.ref,
      ...(delivery ? { messageId: delivery.envelope.id } : {}),
      ...(error === undefined ? {} : { error: errorText(error) }),
    };
    const trace = delivery ? traceOf(this.deps.tracer, delivery.envelope.headers) : {};
    this.deps.telemetry.notice({ level, event, message, fields, ...trace });
  }
}

function recoveryReason(message: WonMessage): string {
  if (message.previousPod !== undefined) return 'its owner vanished';
  return message.failures > 0 ? 'retry is due' : 'found in the backlog';
}
