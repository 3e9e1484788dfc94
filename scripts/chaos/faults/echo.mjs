// @ts-check
import { connect } from 'node:net';
import { redisCommand } from '../../local/redis-wire.mjs';

const KEPT = 400;
const EVERY_MS = 50;
const AGAIN_MS = 200;

/** Hears the channel and shouts things again: bare notifications, late and in another order (row 9). */
export class Echo {
  /** @type {string[]} */
  #heard = [];
  #rest = '';
  shouted = 0;
  #stopped = false;
  /** @type {import('node:net').Socket | undefined} */
  #socket;
  #timer;

  /**
   * @param {number} port of Redis
   * @param {string} channel
   * @param {import('../random.mjs').Random} random
   */
  constructor(port, channel, random) {
    this.port = port;
    this.channel = channel;
    this.#listen();
    this.#timer = setInterval(() => {
      if (this.#heard.length === 0) return;
      const again = random.pick(this.#heard);
      redisCommand(this.port, ['PUBLISH', this.channel, again]).then(
        () => (this.shouted += 1),
        () => undefined,
      );
    }, EVERY_MS);
  }

  #listen() {
    if (this.#stopped) return;
    const socket = connect(this.port, '127.0.0.1');
    this.#socket = socket;
    this.#rest = '';
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`SUBSCRIBE ${this.channel}\r\n`));
    socket.on('error', () => undefined);
    socket.on('close', () => setTimeout(() => this.#listen(), AGAIN_MS));
    socket.on('data', (/** @type {string} */ part) => this.#hear(part));
  }

  /**
   * Payloads of small batches are enough: a frame that came in parts is left out.
   * @param {string} part
   */
  #hear(part) {
    const frames = (this.#rest + part).split('*3\r\n$7\r\nmessage\r\n');
    this.#rest = '';
    for (const frame of frames.slice(1)) {
      const [, , size, ...payload] = frame.split('\r\n');
      const text = payload.join('\r\n').slice(0, -2);
      if (size === undefined || Buffer.byteLength(text) !== Number(size.slice(1))) continue;
      this.#heard.push(text);
      if (this.#heard.length > KEPT) this.#heard.shift();
    }
  }

  stop() {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#socket?.destroy();
  }
}
