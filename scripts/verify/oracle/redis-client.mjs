// @ts-check
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { RespReader } from './resp-reader.mjs';

const PATIENCE_MS = 10_000;

/** The few commands that a judge needs, on one connection, without any code of those it judges. */
export class RedisClient {
  #reader = new RespReader();
  /** @type {{ resolve(reply: import('./resp-reader.mjs').Reply): void, reject(error: Error): void }[]} */
  #waiting = [];

  /**
   * @param {string} url redis:// or rediss://
   * @returns {Promise<RedisClient>}
   */
  static async connect(url) {
    const { hostname, port, username, password, pathname, protocol } = new URL(url);
    const at = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
    const socket = protocol === 'rediss:' ? connectTls({ ...at, servername: at.host }) : connect(at);
    const client = new RedisClient(socket);
    try {
      if (password !== '') {
        const user = username === '' ? [] : [decodeURIComponent(username)];
        await client.call('AUTH', ...user, decodeURIComponent(password));
      }
      if (/^\/\d+$/.test(pathname) && pathname !== '/0') await client.call('SELECT', pathname.slice(1));
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  /** @param {import('node:net').Socket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('Redis does not answer')));
    socket.on('data', (chunk) => {
      try {
        for (const reply of this.#reader.feed(chunk)) {
          const call = this.#waiting.shift();
          if (reply instanceof Error) call?.reject(reply);
          else call?.resolve(reply);
        }
      } catch (error) {
        socket.destroy(/** @type {Error} */ (error));
      }
    });
    const end = (/** @type {Error | undefined} */ error) => {
      for (const { reject } of this.#waiting.splice(0))
        reject(error ?? new Error('Redis closed the connection'));
    };
    socket.on('error', end);
    socket.on('close', () => {
      end(undefined);
    });
  }

  /**
   * @param {...string} command
   * @returns {Promise<import('./resp-reader.mjs').Reply>}
   */
  call(...command) {
    const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) {
        reject(new Error('the connection to Redis is closed'));
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.socket.write(`*${command.length}\r\n${parts.join('')}`);
    });
  }

  close() {
    this.socket.destroy();
  }
}
