import { once } from 'node:events';
import { closeClient } from '../../src/connection/close-client.js';
import { connectionOptions, type ConnectionSettings } from '../../src/connection/connection-options.js';
import { openClient, type RedisClient } from '../../src/connection/redis-client.js';

/** Clients of one test file, made as a service makes them; all closed at its end. */
export class OpenedClients {
  private readonly clients: RedisClient[] = [];

  /** Connected unless `settings` cannot work. */
  async open(url: string, settings: Partial<ConnectionSettings> = {}): Promise<RedisClient> {
    const client = this.connecting(url, settings);
    await once(client, 'ready');
    return client;
  }

  /** Not waited for; what it reports is dropped. */
  connecting(url: string, settings: Partial<ConnectionSettings> = {}): RedisClient {
    const client = openClient(connectionOptions({ url, pod: 'test', ...settings }));
    client.on('error', () => undefined);
    this.clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.splice(0).map((client) => closeClient(client)));
  }
}
