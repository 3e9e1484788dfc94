import { describe, expect, it } from '@jest/globals';
import type { GroupRef } from '@onlyonce/core';
import { FakeClock, InMemoryBackend, RecordingTelemetry, SeededRandom } from '@onlyonce/testing';
import type { Consumers } from '../handlers/consumers.js';
import type { Runtime } from '../runtime.js';
import { Maintenance } from './maintenance.js';

/** One pod's maintenance over the given connection to the store. */
function maintenanceOf(backend: InMemoryBackend, clock: FakeClock, refs: readonly GroupRef[]): Maintenance {
  const telemetry = new RecordingTelemetry();
  const runtime = {
    clock,
    random: new SeededRandom(7),
    telemetry,
    store: backend.store,
    options: { backend },
  };
  // As much of both as maintenance looks at.
  return new Maintenance(runtime as unknown as Runtime, { refs } as unknown as Consumers);
}

const mail = { channel: 'orders', group: 'mail' };
const results = { channel: 'results', group: 'orders' };

describe('Maintenance', () => {
  it('rings every 250 ms for each group, and prunes each channel every minute', async () => {
    const clock = new FakeClock();
    const backend = new InMemoryBackend({ clock });
    const maintenance = maintenanceOf(backend, clock, [mail, results]);
    maintenance.start();
    await clock.advance(600_000);
    const { counts } = backend.faults;
    expect((counts.get('ringIfDue') ?? 0) / 2).toBeGreaterThan(600_000 / 300);
    expect((counts.get('ringIfDue') ?? 0) / 2).toBeLessThanOrEqual(600_000 / 250);
    expect((counts.get('prune') ?? 0) / 2).toBeGreaterThanOrEqual(5);
    expect((counts.get('prune') ?? 0) / 2).toBeLessThanOrEqual(10);
    await maintenance.stop();
  });

  it('is done by one of several pods, and by another one soon after that one stopped', async () => {
    const clock = new FakeClock();
    const first = new InMemoryBackend({ clock });
    const second = first.connect();
    const pods = [first, second].map((backend) => maintenanceOf(backend, clock, [mail]));
    for (const pod of pods) pod.start();
    await clock.advance(20_000);
    const rings = [first, second].map(({ faults }) => faults.counts.get('ringIfDue') ?? 0);
    expect(rings.filter((count) => count > 0)).toHaveLength(1);
    const worker = rings[0]! > 0 ? 0 : 1;
    await pods[worker]?.stop();
    await clock.advance(5_000);
    const other = [first, second][1 - worker];
    expect(other?.faults.counts.get('ringIfDue')).toBeGreaterThan(0);
    await pods[1 - worker]?.stop();
  });

  it('of two services on one store neither keeps the duties of the other from being done', async () => {
    const clock = new FakeClock();
    const inventory = new InMemoryBackend({ clock });
    const order = inventory.connect();
    const services = [maintenanceOf(inventory, clock, [mail]), maintenanceOf(order, clock, [results])];
    for (const service of services) service.start();
    await clock.advance(10_000);
    expect(inventory.faults.counts.get('ringIfDue')).toBeGreaterThan(0);
    expect(order.faults.counts.get('ringIfDue')).toBeGreaterThan(0);
    for (const service of services) await service.stop();
  });

  it('starts nothing in a process that does not consume', async () => {
    const clock = new FakeClock();
    const backend = new InMemoryBackend({ clock });
    const runtime = { clock, store: backend.store, options: { backend, consume: false } };
    // As much of both as maintenance looks at.
    const maintenance = new Maintenance(
      runtime as unknown as Runtime,
      { refs: [mail] } as unknown as Consumers,
    );
    maintenance.start();
    await clock.advance(300_000);
    expect(backend.faults.counts.size).toBe(0);
    await maintenance.stop();
  });
});
