import { describe, expect, it } from '@jest/globals';
import {
  countEffect,
  messageIds,
  onceEach,
  SimulatedWorld,
  type Fault,
  type SimulatedPod,
} from '@onlyonce/testing';
import { RetryableFailure } from '../errors.js';

const SEEDS = Number(process.env['ONLYONCE_SEEDS'] ?? 200);
const FIRST_SEED = Number(process.env['ONLYONCE_FIRST_SEED'] ?? 1);
const MESSAGES = 50;
const PODS = 3;
const FAULTS_FOR_MS = 6_000;
/** Longest lock of a message that was taken over again and again, and a sweep, and the slowest retries. */
const SETTLED_WITHIN_MS = 120_000;

/** One run: pods come and go, calls and answers get lost, clocks stop, while messages are published. */
class Run {
  readonly world: SimulatedWorld;
  private readonly ids = messageIds(MESSAGES);
  private readonly lossRate: number;
  private faulty = true;
  private born = 0;

  constructor(readonly seed: number) {
    this.world = new SimulatedWorld(seed);
    // From nearly none to a third of all calls.
    this.lossRate = this.world.random.next() ** 2 / 3;
  }

  async play(): Promise<void> {
    for (let n = 0; n < PODS; n += 1) this.start();
    for (const id of this.ids) {
      await this.publish(id);
      await this.world.clock.advance(this.world.random.below(FAULTS_FOR_MS / MESSAGES));
      if (this.world.random.chance(0.3)) this.disturb();
    }
    this.calmDown();
    await this.world.untilSettled(SETTLED_WITHIN_MS);
  }

  /** What the effects are witnesses of: each message once, whatever befell its pods. */
  check(): void {
    expect(this.world.effects()).toEqual(onceEach(this.ids));
    const { done, log, dead } = this.world.server.db.group({ channel: 'orders', group: 'stock' });
    expect([done.size, log.size, dead.size]).toEqual([MESSAGES, 0, 0]);
    const results = this.world.server.db.channel('results').unrouted.map(({ id }) => id);
    expect(results.sort()).toEqual(this.ids.map((id) => `${id}:stock:0`).sort());
  }

  private start(): void {
    const { random } = this.world;
    this.born += 1;
    const pod = this.world.pod(`pod-${this.born}`, {
      lockTtlMs: 300 + random.below(700),
      strategy: random.chance(0.5) ? 'race' : 'pull',
      concurrency: 1 + random.below(8),
      maxBatch: 1 + random.below(20),
      maxTakeovers: 1_000,
      retry: { baseDelayMs: 20, maxDelayMs: 500, maxAttempts: 1_000 },
      handle: async (message, context) => {
        await pod.sleep(random.below(random.chance(0.05) ? 2_000 : 30));
        if (this.faulty && random.chance(0.1)) throw new RetryableFailure('by chance');
        countEffect(message, context);
        context.tx.emit('results', { id: context.messageId });
      },
    });
    pod.backend.faults.latencyMs = () => random.below(10);
    pod.backend.faults.draw = () => this.faultOfCall();
    pod.backend.feed.loses = () => this.faulty && random.chance(this.lossRate);
    // A pod that is killed while it starts never gets ready.
    void pod.consumer.start().catch(() => undefined);
  }

  private faultOfCall(): Fault | undefined {
    if (!this.faulty || !this.world.random.chance(this.lossRate)) return undefined;
    return this.world.random.chance(0.5) ? 'fail' : 'lose-answer';
  }

  /** Publishes, and now and then again, as a caller does that heard nothing. */
  private async publish(id: string): Promise<void> {
    const again = this.world.random.chance(0.2);
    await this.world.publish([id]);
    if (again) await this.world.publish([id]);
  }

  private disturb(): void {
    const { random, pods, clock } = this.world;
    const pod = pods[pods.length - 1 - random.below(PODS)];
    if (!pod) return;
    const later = (task: (pod: SimulatedPod) => void): void => {
      clock.after(random.below(2_500), () => {
        task(pod);
      });
    };
    switch (random.below(5)) {
      case 0:
        pod.kill();
        this.start();
        return;
      case 1:
        pod.pause();
        later(() => {
          pod.resume();
        });
        return;
      case 2:
        pod.backend.disconnect();
        later(() => {
          pod.backend.reconnect();
        });
        return;
      case 3:
        void pod.consumer.drain(random.below(500));
        this.start();
        return;
      default:
        this.world.server.db.stepClock(random.below(2_000) - 1_000);
    }
  }

  private calmDown(): void {
    this.faulty = false;
    // Whatever became of the others, somebody is left to do the work.
    this.start();
  }
}

describe('any order of events', () => {
  const seeds = Array.from({ length: SEEDS }, (_, n) => FIRST_SEED + n);
  const CHUNK = 20;
  const chunks = Array.from({ length: Math.ceil(SEEDS / CHUNK) }, (_, n) =>
    seeds.slice(n * CHUNK, (n + 1) * CHUNK),
  );

  it.each(chunks.map((chunk) => ({ chunk, from: chunk[0], to: chunk.at(-1) })))(
    'leaves each message with one effect, seeds $from to $to',
    async ({ chunk }) => {
      for (const seed of chunk) {
        const run = new Run(seed);
        try {
          await run.play();
          run.check();
        } catch (error) {
          throw new Error(`seed ${seed} (ONLYONCE_FIRST_SEED=${seed} ONLYONCE_SEEDS=1)`, { cause: error });
        }
      }
    },
    120_000,
  );
});
