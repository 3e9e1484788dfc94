import { describeLockProvider } from '../src/conformance/describe-lock-provider.js';
import { FakeClock } from '../src/fake-clock.js';
import { InMemoryBackend } from '../src/in-memory/in-memory-backend.js';

describeLockProvider(
  'memory',
  () => {
    const clock = new FakeClock();
    const backend = new InMemoryBackend({ clock });
    return Promise.resolve({
      provider: backend.dutyLock,
      another: () => Promise.resolve(backend.connect().dutyLock),
      monotonicMs: () => clock.monotonicMs(),
      passMs: (ms) => clock.advance(ms),
      close: () => backend.close(),
    });
  },
  { extendsExpiredLocks: false },
);
