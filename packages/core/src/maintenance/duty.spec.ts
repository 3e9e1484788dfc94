import { describe, expect, it } from '@jest/globals';
import { FakeClock, InMemoryBackend, RecordingTelemetry, SeededRandom } from '@onlyonce/testing';
import { Duty } from './duty.js';

const OPTIONS = { name: 'prune', intervalMs: 1_000, lockTtlMs: 5_000 };

/** Pods that share one duty. */
function duties(count: number, work: (pod: number) => Promise<void> = () => Promise.resolve()) {
  const clock = new FakeClock();
  const server = new InMemoryBackend({ clock });
  const telemetry = new RecordingTelemetry();
  const done: { pod: number; atMs: number }[] = [];
  const pods = Array.from({ length: count }, (_, pod) => {
    const backend = server.connect();
    const deps = { clock, random: new SeededRandom(pod + 1), telemetry, lock: backend.dutyLock };
    const duty = new Duty(deps, OPTIONS, async () => {
      done.push({ pod, atMs: clock.monotonicMs() });
      await work(pod);
    });
    duty.start();
    return { duty, backend };
  });
  const stopAll = (): Promise<unknown> => clock.settle(Promise.all(pods.map(({ duty }) => duty.stop())));
  return { clock, telemetry, done, pods, stopAll };
}

const workers = (done: readonly { pod: number }[]): Set<number> => new Set(done.map(({ pod }) => pod));

describe('Duty', () => {
  it('is done by one pod, at its interval', async () => {
    const { clock, done, stopAll } = duties(3);
    await clock.advance(60_000);
    expect(workers(done).size).toBe(1);
    expect(done.length).toBeGreaterThan(50);
    await stopAll();
    expect(clock.waiting).toBe(0);
  });

  it('moves to another pod at once when its holder stops', async () => {
    const { clock, done, pods, stopAll } = duties(2);
    await clock.advance(20_000);
    const [holder] = workers(done);
    await clock.settle(pods[holder ?? 0]?.duty.stop() ?? Promise.resolve());
    done.length = 0;
    await clock.advance(10_000);
    expect([...workers(done)]).toEqual([holder === 0 ? 1 : 0]);
    await stopAll();
  });

  it('moves to another pod when its holder vanishes, after the lock has run out', async () => {
    const { clock, done, pods, stopAll } = duties(2);
    await clock.advance(20_000);
    const [holder] = workers(done);
    pods[holder ?? 0]?.backend.disconnect();
    done.length = 0;
    await clock.advance(15_000);
    expect([...workers(done)]).toContain(holder === 0 ? 1 : 0);
    pods[holder ?? 0]?.backend.reconnect();
    await stopAll();
  });

  it('goes on after work that failed, and tells', async () => {
    let runs = 0;
    const { clock, telemetry, stopAll } = duties(1, () => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error('broken')) : Promise.resolve();
    });
    await clock.advance(30_000);
    expect(runs).toBeGreaterThan(2);
    expect(telemetry.notices).toMatchObject([{ event: 'engine.duty_failed', fields: { duty: 'prune' } }]);
    await stopAll();
  });

  it('waits for the work under way when it stops', async () => {
    const finish = Promise.withResolvers<undefined>();
    const { clock, done, pods } = duties(1, () => finish.promise);
    await clock.advanceUntil(() => done.length > 0);
    let stopped = false;
    const stopping = pods[0]?.duty.stop().then(() => {
      stopped = true;
    });
    await clock.advance(1_000);
    expect(stopped).toBe(false);
    finish.resolve(undefined);
    await stopping;
    expect(clock.waiting).toBe(0);
  });
});
