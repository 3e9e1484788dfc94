import { afterEach, beforeEach, describe } from '@jest/globals';
import type { Area } from './area.js';
import { claiming } from './claiming.js';
import { publishing } from './publishing.js';
import { StoreDriver } from './store-driver.js';
import type { MakeStore, StoreFeatures } from './store-under-test.js';

const areas: readonly Area[] = [publishing, claiming];

/**
 * The contract of MessageStore as tests: whatever passes can carry the engine.
 * @param make gives each test a store of its own; see {@link MakeStore}
 */
export function describeMessageStore(name: string, make: MakeStore, features: StoreFeatures): void {
  describe(`${name} as message store`, () => {
    let driver: StoreDriver | undefined;

    beforeEach(async () => {
      driver = new StoreDriver(await make());
      await driver.register();
    });
    afterEach(async () => {
      await driver?.close();
      driver = undefined;
    });

    const current = (): StoreDriver => {
      if (!driver) throw new Error('only inside a test');
      return driver;
    };
    for (const area of areas) area(current, features);
  });
}
