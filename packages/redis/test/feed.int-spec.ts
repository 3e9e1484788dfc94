import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ShuttingDownError, StoreRefusedError, StoreUnavailableError } from '@onlyonce/core';
import { eventually, startRedis, type RedisServer } from '@onlyonce/testing';
import type { RedisClient } from '../src/connection/redis-client.js';
import { RedisFeed } from '../src/feed/redis-feed.js';
import { Heard } from './support/heard.js';
import { OpenedClients } from './support/opened-clients.js';
import { SilentProxy } from './support/silent-proxy.js';

const NAMESPACE = 'feed';
const line = (id: string): string => `s1 f\t${id}\t\t{"id":"${id}"}`;
const message = (id: string): string => `2 1-0\n${line(id)}`;

describe('RedisFeed', () => {
  let server: RedisServer;
  let client: RedisClient;
  const clients = new OpenedClients();
  const feeds: RedisFeed[] = [];
  let channels = 0;

  const newFeed = (lent: RedisClient = client): RedisFeed => {
    const feed = new RedisFeed(lent, { namespace: NAMESPACE });
    feeds.push(feed);
    return feed;
  };
  const newChannel = (): string => `c${(channels += 1)}`;
  const publish = (channel: string, text: string): Promise<number> =>
    client.publish(`{${NAMESPACE}}:${channel}`, text);

  beforeAll(async () => {
    server = await startRedis();
    client = await clients.open(server.url);
  });
  afterEach(async () => {
    await Promise.all(feeds.splice(0).map((feed) => feed.close()));
  });
  afterAll(async () => {
    await clients.close();
    await server.stop();
  });

  test('a subscription that is resolved hears the next message: no gap between the two', async () => {
    const channel = newChannel();
    const heard = new Heard();
    await newFeed().subscribe(channel, heard);
    expect(await publish(channel, message('a'))).toBe(1);
    await eventually(() => {
      expect(heard.envelopes).toMatchObject([{ entryId: '1-0', id: 'a', headers: {}, body: '{"id":"a"}' }]);
    });
  });

  test('messages, doorbells and garbage are told apart, in order of arrival', async () => {
    const channel = newChannel();
    const heard = new Heard();
    await newFeed().subscribe(channel, heard);
    await publish(channel, `2 1-0\n${line('a')}\nrubbish\n${line('b')}`);
    await publish(channel, '1!');
    await publish(channel, '\u0000');
    await publish(channel, message('c'));
    await eventually(() => {
      expect(heard.ids).toEqual(['a', 'b', 'c']);
    });
    expect(heard.garbage).toEqual(['rubbish', '\u0000']);
    expect(heard.doorbells).toEqual(['rung']);
  });

  test('listeners share a channel, each closes for itself, the last one unsubscribes', async () => {
    const channel = newChannel();
    const feed = newFeed();
    const [one, two] = [new Heard(), new Heard()];
    const [first, second] = await Promise.all([feed.subscribe(channel, one), feed.subscribe(channel, two)]);
    expect(await publish(channel, message('a'))).toBe(1);
    await eventually(() => {
      expect([one.ids, two.ids]).toEqual([['a'], ['a']]);
    });
    await first.close();
    await publish(channel, message('b'));
    await eventually(() => {
      expect([one.ids, two.ids]).toEqual([['a'], ['a', 'b']]);
    });
    await second.close();
    expect(await publish(channel, message('c'))).toBe(0);
    await first.close();

    const again = new Heard();
    await feed.subscribe(channel, again);
    expect(await publish(channel, message('d'))).toBe(1);
    await eventually(() => {
      expect(again.ids).toEqual(['d']);
    });
  });

  test('after its connection was killed it rings on every channel, and only when it hears again', async () => {
    const channelNames = [newChannel(), newChannel()] as const;
    const feed = newFeed();
    const heards = [new Heard(), new Heard()] as const;
    await feed.subscribe(channelNames[0], heards[0]);
    await feed.subscribe(channelNames[1], heards[1]);
    for (let round = 1; round <= 3; round += 1) {
      expect(await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub')).toBe(1);
      for (const [index, channel] of channelNames.entries()) {
        const heard = heards[index] ?? new Heard();
        await eventually(() => {
          expect(heard.doorbells).toHaveLength(round);
        });
        expect(await publish(channel, message(`r${round}`))).toBe(1);
        await eventually(() => {
          expect(heard.ids).toHaveLength(round);
        });
      }
    }
    expect(heards[0].doorbells).toEqual(['resubscribed', 'resubscribed', 'resubscribed']);
  });

  test('a half-open socket is found out, given up and replaced', async () => {
    const proxy = await SilentProxy.to(server);
    try {
      const channel = newChannel();
      const heard = new Heard();
      await newFeed(await clients.open(proxy.url)).subscribe(channel, heard);
      proxy.fallSilent();
      await publish(channel, message('lost'));
      proxy.speak();
      await eventually(
        () => {
          expect(heard.doorbells).toEqual(['resubscribed']);
        },
        { withinMs: 6_000 },
      );
      await publish(channel, message('heard'));
      await eventually(() => {
        expect(heard.ids).toEqual(['heard']);
      });
    } finally {
      await proxy.close();
    }
  });

  test('a server that is away while subscribing is an error that can be retried, and leaves nothing behind', async () => {
    const proxy = await SilentProxy.to(server);
    const lent = await clients.open(proxy.url);
    await proxy.close();
    const feed = newFeed(lent);
    await expect(feed.subscribe(newChannel(), new Heard())).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  test('a channel the user may not hear is refused for good, its neighbours are heard', async () => {
    await client.call(
      'ACL',
      'SETUSER',
      'deaf',
      'on',
      '>pw',
      '+@all',
      '~*',
      'resetchannels',
      `&{${NAMESPACE}}:open`,
    );
    const feed = newFeed(await clients.open(server.url, { username: 'deaf', password: 'pw' }));
    const heard = new Heard();
    await feed.subscribe('open', heard);
    await expect(feed.subscribe('closed', new Heard())).rejects.toBeInstanceOf(StoreRefusedError);
    await publish('open', message('a'));
    await eventually(() => {
      expect(heard.ids).toEqual(['a']);
    });
    expect(heard.doorbells).toEqual([]);
  });

  test('a wrong password is said, and not repeated', async () => {
    const lent = clients.connecting(server.url, { username: 'nobody', password: 's3cret' });
    const subscribing = newFeed(lent).subscribe(newChannel(), new Heard());
    const error: unknown = await subscribing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreRefusedError);
    expect(String(error)).toContain('WRONGPASS');
    expect(JSON.stringify((error as StoreRefusedError).cause)).not.toContain('s3cret');
  });

  test('a closed feed takes no more subscriptions and has left the server', async () => {
    const channel = newChannel();
    const feed = newFeed();
    const subscription = await feed.subscribe(channel, new Heard());
    await feed.close();
    await eventually(async () => {
      expect(await publish(channel, message('a'))).toBe(0);
    });
    await subscription.close();
    await expect(feed.subscribe(channel, new Heard())).rejects.toBeInstanceOf(ShuttingDownError);
    expect(client.status).toBe('ready');
  });

  test('a restart of the server ends in a bell', async () => {
    const channel = newChannel();
    const heard = new Heard();
    await newFeed().subscribe(channel, heard);
    await server.kill();
    await server.start();
    await eventually(
      () => {
        expect(heard.doorbells).toEqual(['resubscribed']);
        expect(client.status).toBe('ready');
      },
      { withinMs: 10_000 },
    );
    await publish(channel, message('a'));
    await eventually(() => {
      expect(heard.ids).toEqual(['a']);
    });
  });
});
