import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bell, Envelope, FeedListener } from '@onlyonce/core';
import { eventually } from '../eventually.js';
import { one, StoreDriver } from './store-driver.js';
import type { MakeStore } from './store-under-test.js';

/** How long a message may be on its way before the test calls it lost. */
const SOON = { withinMs: 5_000 };

/** Keeps what it hears. */
class Ear implements FeedListener {
  readonly envelopes: Envelope[] = [];
  readonly bells: Bell[] = [];
  readonly doorbells: string[] = [];
  readonly garbage: string[] = [];

  onEnvelopes(envelopes: readonly Envelope[]): void {
    this.envelopes.push(...envelopes);
  }
  onBells(bells: readonly Bell[]): void {
    this.bells.push(...bells);
  }
  onDoorbell(reason: 'resubscribed' | 'rung'): void {
    this.doorbells.push(reason);
  }
  onGarbage(sample: string): void {
    this.garbage.push(sample);
  }

  get ids(): string[] {
    return this.envelopes.map(({ id }) => id);
  }
}

/**
 * The contract of Feed. It promises nothing under faults, so this is about a healthy store: what is heard, by whom,
 * from when on.
 */
export function describeFeed(name: string, make: MakeStore): void {
  describe(`${name} as feed`, () => {
    let made: StoreDriver | undefined;
    const current = (): StoreDriver => {
      if (!made) throw new Error('only inside a test');
      return made;
    };

    beforeEach(async () => {
      made = new StoreDriver(await make());
      await made.register();
    });
    afterEach(async () => {
      await made?.close();
      made = undefined;
    });

    it('tells every subscriber what is published, from the moment the subscription is confirmed', async () => {
      const driver = current();
      const ears = [new Ear(), new Ear()];
      await driver.under.backend.feed.subscribe(driver.ref.channel, ears[0] ?? new Ear());
      await (await driver.under.another()).feed.subscribe(driver.ref.channel, ears[1] ?? new Ear());
      await driver.publish(['a', 'b']);
      for (const ear of ears) {
        await eventually(() => {
          expect(ear.ids).toEqual(['a', 'b']);
        }, SOON);
      }
    });

    it('brings the envelope as it was published: a claim of it is won', async () => {
      const driver = current();
      const ear = new Ear();
      await driver.under.backend.feed.subscribe(driver.ref.channel, ear);
      const body = { text: 'tab\t line\n quote" back\\slash é 漢 \u2028 😀' };
      const headers = { 'odd "name"': 'tab\t line\n é 😀', empty: '' };
      await driver.publishItem({ ...driver.item('a', body), headers });
      await driver.publishItem(driver.item('b', 'x'.repeat(300_000)));
      await eventually(() => {
        expect(ear.ids).toEqual(['a', 'b']);
      }, SOON);
      expect(ear.envelopes[0]).toMatchObject({ id: 'a', body: JSON.stringify(body), headers });
      expect(ear.envelopes[1]?.body).toHaveLength(300_002);
      expect(await driver.claimKinds('pod', ear.envelopes)).toEqual(['won', 'won']);
      expect(ear.garbage).toEqual([]);
    });

    it('tells who asked for bells that there is something, and what travels with it', async () => {
      const driver = current();
      const ear = new Ear();
      await driver.under.backend.feed.subscribe(driver.ref.channel, ear, 'bells');
      const headers = { 'odd "name"': 'tab\t line\n é 😀' };
      await driver.publishItem({ ...driver.item('a'), headers });
      await driver.publish(['b', 'c']);
      await driver.publishItem(driver.item('a'));
      await driver.publishItem(driver.item('d', 'x'.repeat(300_000)));
      await eventually(() => {
        expect(ear.bells.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
      }, SOON);
      expect(ear.bells[0]?.headers).toEqual(headers);
      expect([ear.envelopes, ear.garbage]).toEqual([[], []]);
    });

    it('tells of what is new in a batch, not of what is known already', async () => {
      const driver = current();
      const [whole, bells] = [new Ear(), new Ear()];
      await driver.under.backend.feed.subscribe(driver.ref.channel, whole);
      await driver.under.backend.feed.subscribe(driver.ref.channel, bells, 'bells');
      await driver.publish(['b']);
      const batch = ['a', 'b', 'c'].map((id) => driver.item(id));
      const results = await driver.store.publish(driver.ref.channel, batch);
      expect(results.map(({ kind }) => kind)).toEqual(['accepted', 'duplicate', 'accepted']);
      await eventually(() => {
        expect(whole.ids).toEqual(['b', 'a', 'c']);
        expect(bells.bells.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
      }, SOON);
      const accepted = results.flatMap((result) => (result.kind === 'accepted' ? [result.entryId] : []));
      expect(whole.envelopes.slice(1).map(({ entryId }) => entryId)).toEqual(accepted);
      expect(await driver.claimKinds('pod', whole.envelopes)).toEqual(['won', 'won', 'won']);
    });

    it('tells of a large batch completely', async () => {
      const driver = current();
      const ear = new Ear();
      await driver.under.backend.feed.subscribe(driver.ref.channel, ear);
      const ids = Array.from({ length: 128 }, (_, n) => `m${n}`);
      await driver.store.publish(
        driver.ref.channel,
        ids.map((id) => driver.item(id, 'x'.repeat(3_000))),
      );
      await eventually(() => {
        expect([...ear.ids].sort()).toEqual([...ids].sort());
      }, SOON);
    });

    it('tells of events that went out with a commit', async () => {
      const driver = current();
      const ear = new Ear();
      const channel = driver.unique('results');
      await driver.under.backend.feed.subscribe(channel, ear);
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.commit(claimed, {
        events: [{ channel, id: 'a:stock:0', headers: { t: '1' }, body: '{"ok":true}' }],
      });
      await eventually(() => {
        expect(one(ear.envelopes)).toMatchObject({
          id: 'a:stock:0',
          headers: { t: '1' },
          body: '{"ok":true}',
        });
      }, SOON);
    });

    it('does not tell of duplicates, nor of other channels', async () => {
      const driver = current();
      const ear = new Ear();
      await driver.under.backend.feed.subscribe(driver.ref.channel, ear);
      await driver.publish(['a']);
      await driver.publishItem(driver.item('a'));
      await driver.publish(['elsewhere'], driver.unique('elsewhere'));
      await driver.publish(['last']);
      await eventually(() => {
        expect(ear.ids).toContain('last');
      }, SOON);
      expect(ear.ids).toEqual(['a', 'last']);
    });

    it.each([
      {
        what: 'a message is given back',
        ring: async (driver: StoreDriver) => {
          const claimed = await driver.publishAndClaim('pod', 'a');
          await driver.store.release(driver.ref, [driver.held(claimed)]);
        },
      },
      {
        what: 'a dead letter is sent back',
        ring: async (driver: StoreDriver) => {
          const claimed = await driver.publishAndClaim('pod', 'a');
          await driver.fail(claimed, { kind: 'permanent' });
          await driver.store.redrive(driver.ref, [claimed.envelope.id]);
        },
      },
      {
        what: 'somebody rings for due retries',
        ring: async (driver: StoreDriver) => {
          const claimed = await driver.publishAndClaim('pod', 'a');
          await driver.fail(claimed, { delayMs: 1 });
          await driver.under.passMs(20);
          expect(await driver.store.ringIfDue(driver.ref)).toBe(true);
        },
      },
    ])('rings when $what', async ({ ring }) => {
      const driver = current();
      const ear = new Ear();
      await (await driver.under.another()).feed.subscribe(driver.ref.channel, ear);
      await ring(driver);
      await eventually(() => {
        expect(ear.doorbells).toContain('rung');
      }, SOON);
      expect(ear.garbage).toEqual([]);
    });

    it('tells nothing more once closed, and the other subscriptions stay', async () => {
      const driver = current();
      const closed = new Ear();
      const open = new Ear();
      const { feed } = driver.under.backend;
      const subscription = await feed.subscribe(driver.ref.channel, closed);
      await feed.subscribe(driver.ref.channel, open);
      await subscription.close();
      await driver.publish(['a']);
      await eventually(() => {
        expect(open.ids).toEqual(['a']);
      }, SOON);
      expect(closed.ids).toEqual([]);
    });

    it('can be subscribed to several channels at once, and again after closing', async () => {
      const driver = current();
      const { feed } = driver.under.backend;
      const elsewhere = driver.unique('elsewhere');
      const [here, there] = [new Ear(), new Ear()];
      await (await feed.subscribe(driver.ref.channel, new Ear())).close();
      await feed.subscribe(driver.ref.channel, here);
      await feed.subscribe(elsewhere, there);
      await driver.publish(['a']);
      await driver.publish(['b'], elsewhere);
      await eventually(() => {
        expect([here.ids, there.ids]).toEqual([['a'], ['b']]);
      }, SOON);
    });
  });
}
