import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { systemRandom } from '@onlyonce/core';
import { startRedis, type RedisServer } from '@onlyonce/testing';
import { redisBackend, storeKey, type RedisClient } from '../../src/index.js';
import { OpenedClients } from './opened-clients.js';

/** A Redis for the tests of one file, and in it for each test a namespace of its own, with groups of the channel `c`. */
export class StoreUnderTest {
  readonly channel = 'c';
  client!: RedisClient;
  backend!: ReturnType<typeof redisBackend>;
  private namespace = '';

  constructor(groups: readonly string[]) {
    const clients = new OpenedClients();
    let server: RedisServer;
    beforeAll(async () => {
      server = await startRedis();
      this.client = await clients.open(server.url);
    });
    afterAll(async () => {
      await clients.close();
      await server.stop();
    });
    beforeEach(async () => {
      this.namespace = `test-${systemRandom.nonce()}`;
      this.backend = redisBackend({ client: this.client, namespace: this.namespace, callDeadlineMs: 5_000 });
      for (const group of groups) await this.store.register({ channel: this.channel, group }, 'earliest');
    });
  }

  get store(): ReturnType<typeof redisBackend>['store'] {
    return this.backend.store;
  }

  /** The key of an effect, such as `stock`. */
  effect(name: string): string {
    return storeKey(this.namespace, name);
  }

  /** The key of a group, such as `log`. */
  key(group: string, name: string): string {
    return storeKey(this.namespace, `${this.channel}:${group}:${name}`);
  }
}
