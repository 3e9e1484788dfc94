import { FakeClock } from '../src/fake-clock.js';
import { InMemoryBackend } from '../src/in-memory/in-memory-backend.js';
import type { StoreUnderTest } from '../src/conformance/store-under-test.js';

export function inMemoryUnderTest(horizonMs: number): Promise<StoreUnderTest> {
  const clock = new FakeClock();
  const backend = new InMemoryBackend({ clock, horizonMs });
  return Promise.resolve({
    backend,
    another: () => Promise.resolve(backend.connect()),
    readHash: (key) => Promise.resolve(backend.db.effects.hash(key)),
    readMembers: (key) => Promise.resolve(backend.db.effects.members(key)),
    nowMs: () => backend.db.nowMs(),
    passMs: (ms) => clock.advance(ms),
    close: () => backend.close(),
  });
}
