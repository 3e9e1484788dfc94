import { describeMessageStore } from '../src/conformance/describe-message-store.js';
import { inMemoryUnderTest } from './in-memory-under-test.js';

const horizonMs = 7 * 24 * 3_600_000;

describeMessageStore('memory', () => inMemoryUnderTest(horizonMs), {
  horizonMs,
  freeTime: true,
  repeatablePull: true,
});
