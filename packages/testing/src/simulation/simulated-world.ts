import { noTracer, Publisher, silentTelemetry, type BacklogStats, type GroupRef } from '@onlyonce/core';
import { FakeClock } from '../fake-clock.js';
import { InMemoryBackend } from '../in-memory/in-memory-backend.js';
import { SeededRandom } from '../seeded-random.js';
import { CHANNEL, EFFECTS } from './simulated-messages.js';
import { SimulatedPod, type PodSetup } from './simulated-pod.js';

/** A store, its clock, and pods around it: the whole engine in one process, in a time that is turned by hand. */
export class SimulatedWorld {
  readonly clock = new FakeClock();
  readonly random: SeededRandom;
  /** The store; a connection that nothing befalls. */
  readonly server: InMemoryBackend;
  readonly publisher: Publisher;
  readonly pods: SimulatedPod[] = [];

  constructor(seed = 1) {
    this.random = new SeededRandom(seed);
    this.server = new InMemoryBackend({ clock: this.clock, random: this.random });
    const { clock, random } = this;
    this.publisher = new Publisher({
      store: this.server.store,
      clock,
      random,
      telemetry: silentTelemetry,
      tracer: noTracer,
    });
  }

  /** A pod that is not started yet. */
  pod(name: string, setup: PodSetup = {}): SimulatedPod {
    const pod = new SimulatedPod(this, name, setup);
    this.pods.push(pod);
    return pod;
  }

  /** A pod that is ready. */
  async startedPod(name: string, setup: PodSetup = {}): Promise<SimulatedPod> {
    const pod = this.pod(name, setup);
    await this.clock.settle(pod.consumer.start());
    return pod;
  }

  /** Publishes messages, all in one go. */
  async publish(ids: readonly string[], channel = CHANNEL): Promise<void> {
    await this.clock.settle(
      Promise.all(ids.map((id) => this.publisher.publish(channel, { id, body: { id } }))),
    );
  }

  /** How often each message took effect. */
  effects(): Record<string, string> {
    return this.server.db.effects.hash(EFFECTS);
  }

  stats(ref: GroupRef = { channel: CHANNEL, group: 'stock' }): Promise<BacklogStats> {
    return this.server.store.stats(ref);
  }

  /** Lets time pass until nothing waits any more in the group's backlog. */
  async untilSettled(withinMs = 60_000, ref: GroupRef = { channel: CHANNEL, group: 'stock' }): Promise<void> {
    const group = this.server.db.group(ref);
    await this.clock.advanceUntil(() => group.log.size === 0, withinMs);
    // The answer to the last commit is still on its way.
    await this.clock.advance(50);
  }
}
