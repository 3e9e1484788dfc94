import { afterEach, beforeEach, describe } from '@jest/globals';
import type { Area } from './area.js';
import { claiming } from './claiming.js';
import { committing } from './committing.js';
import { concurrency } from './concurrency.js';
import { deadLettersAndRedrive } from './dead-letters-and-redrive.js';
import { effectsAndGuards } from './effects-and-guards.js';
import { failingAndRetrying } from './failing-and-retrying.js';
import { faultsOfEffects } from './faults-of-effects.js';
import { groups } from './groups.js';
import { inboxAndStats } from './inbox-and-stats.js';
import { pruning } from './pruning.js';
import { publishing } from './publishing.js';
import { recoveryAndTakeover } from './recovery-and-takeover.js';
import { release } from './release.js';
import { repeatability } from './repeatability.js';
import { StoreDriver } from './store-driver.js';
import type { MakeStore, StoreFeatures } from './store-under-test.js';

const areas: readonly Area[] = [
  publishing,
  claiming,
  committing,
  effectsAndGuards,
  faultsOfEffects,
  failingAndRetrying,
  recoveryAndTakeover,
  deadLettersAndRedrive,
  groups,
  release,
  pruning,
  inboxAndStats,
  repeatability,
  concurrency,
];

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
