// Apart from the package's own index, since the suites need Jest and the rest does not.
export { describeMessageStore } from './describe-message-store.js';
export type { MakeStore, StoreFeatures, StoreUnderTest } from './store-under-test.js';
export { describeFeed } from './describe-feed.js';
export { describeLockProvider, type LockFeatures, type LocksUnderTest } from './describe-lock-provider.js';
