import { describeFeed } from '../src/conformance/describe-feed.js';
import { inMemoryUnderTest } from './in-memory-under-test.js';

describeFeed('memory', () => inMemoryUnderTest(3_600_000));
