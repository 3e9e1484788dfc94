import type { StoreDriver } from './store-driver.js';
import type { StoreFeatures } from './store-under-test.js';

/** One area of the contract; declares its tests. `current` gives the driver of the test that runs. */
export type Area = (current: () => StoreDriver, features: StoreFeatures) => void;
