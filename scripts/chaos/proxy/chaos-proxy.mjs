// @ts-check
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { ScriptSpotter } from './script-spotter.mjs';

/**
 * What a direction does with bytes: delayMs holds each back; bytesPerSecond lets them through slowly; hold keeps them.
 * @typedef {{ delayMs: number, bytesPerSecond: number, hold: boolean, drop: boolean }} Treatment
 */

/** @type {Treatment} */
const FREE = { delayMs: 0, bytesPerSecond: Infinity, hold: false, drop: false };

/** Stands between one pod and Redis. Each direction keeps the order of its bytes, whatever is done to them. */
export class ChaosProxy {
  /** @type {Set<Pair>} */
  #pairs = new Set();
  /** @type {Treatment} */
  toServer = FREE;
  /** @type {Treatment} */
  toClient = FREE;
  /** Connections closed on purpose between a call and its answer. */
  cutReplies = 0;
  /** @type {{ scripts: readonly string[], resolve: () => void } | undefined} */
  #waitsFor;

  /**
   * @param {import('node:net').Server} server
   * @param {{ host: string, port: number }} target
   * @param {Map<string, string>} digests names of scripts by digest, learned as their sources pass; shared by proxies
   */
  constructor(server, target, digests) {
    this.server = server;
    this.target = target;
    this.digests = digests;
    server.on('connection', (near) => this.#pairs.add(new Pair(near, this)));
  }

  /**
   * @param {{ target: { host: string, port: number }, host?: string, digests?: Map<string, string> }} options
   *   target: looked at with each connection, so changing its port moves the next ones
   */
  static async open({ target, host = '127.0.0.1', digests = new Map() }) {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    return new ChaosProxy(server, target, digests);
  }

  get url() {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy is closed');
    return `redis://${address.address}:${address.port}`;
  }

  /** @param {Partial<{ toServer: Partial<Treatment>, toClient: Partial<Treatment> }>} how */
  treat({ toServer = {}, toClient = {} }) {
    this.toServer = { ...FREE, ...toServer };
    this.toClient = { ...FREE, ...toClient };
    for (const pair of this.#pairs) pair.pump();
  }

  /** Everything passes again, what was held back first. */
  heal() {
    this.treat({});
  }

  /** Ends every connection; new ones work. */
  cut() {
    for (const pair of this.#pairs) pair.end();
  }

  /**
   * Lets the next call of one of these scripts through to Redis, and cuts its connection before the answer.
   * @param {readonly string[]} scripts
   * @returns {Promise<void>} when that has happened
   */
  loseReplyOf(scripts) {
    return new Promise((resolve) => {
      this.#waitsFor = { scripts, resolve };
    });
  }

  forgetReply() {
    this.#waitsFor = undefined;
  }

  /** @param {Set<string>} called @returns {(() => void) | undefined} to be called when the answer was cut off */
  wanted(called) {
    const waits = this.#waitsFor;
    if (!waits?.scripts.some((name) => called.has(name))) return undefined;
    this.#waitsFor = undefined;
    return () => {
      this.cutReplies += 1;
      waits.resolve();
    };
  }

  /** @param {Pair} pair */
  gone(pair) {
    this.#pairs.delete(pair);
  }

  async close() {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** One connection through the proxy. */
class Pair {
  /** @type {(() => void) | undefined} */
  #cutAfterAnswer;

  /**
   * @param {import('node:net').Socket} near
   * @param {ChaosProxy} proxy
   */
  constructor(near, proxy) {
    this.near = near;
    this.proxy = proxy;
    this.far = connect(proxy.target.port, proxy.target.host);
    this.spotter = new ScriptSpotter(proxy.digests);
    this.out = new Lane(near, this.far, () => proxy.toServer);
    this.back = new Lane(this.far, near, () => proxy.toClient);
    for (const socket of [near, this.far]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.end());
      socket.on('close', () => this.end());
    }
    near.on('data', (bytes) => this.#onRequest(bytes));
    this.far.on('data', (bytes) => this.#onAnswer(bytes));
  }

  /** @param {Buffer} bytes */
  #onRequest(bytes) {
    const lost = this.proxy.wanted(this.spotter.read(bytes));
    if (lost) this.#cutAfterAnswer = lost;
    this.out.add(bytes);
  }

  /** @param {Buffer} bytes */
  #onAnswer(bytes) {
    if (this.#cutAfterAnswer === undefined) this.back.add(bytes);
    else {
      // Redis answers after it has executed: the effect is there, and nobody hears of it.
      this.#cutAfterAnswer();
      this.#cutAfterAnswer = undefined;
      this.end();
    }
  }

  pump() {
    this.out.pump();
    this.back.pump();
  }

  end() {
    this.proxy.gone(this);
    this.near.destroy();
    this.far.destroy();
    this.out.clear();
    this.back.clear();
  }
}

/** One direction: a queue, so that no byte overtakes another. */
class Lane {
  /** @type {{ bytes: Buffer, dueAt: number }[]} */
  #queue = [];
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #freeAt = 0;

  /**
   * @param {import('node:net').Socket} from
   * @param {import('node:net').Socket} to
   * @param {() => Treatment} treatment
   */
  constructor(from, to, treatment) {
    this.from = from;
    this.to = to;
    this.treatment = treatment;
  }

  /** @param {Buffer} bytes */
  add(bytes) {
    const { delayMs, drop } = this.treatment();
    if (drop) return;
    this.#queue.push({ bytes, dueAt: performance.now() + delayMs });
    this.pump();
  }

  pump() {
    clearTimeout(this.#timer);
    const { hold, bytesPerSecond } = this.treatment();
    if (hold) {
      // Half open: it is taken from nobody's hands and shown to nobody.
      this.from.pause();
      return;
    }
    this.from.resume();
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      const now = performance.now();
      const at = Math.max(head.dueAt, this.#freeAt);
      if (at > now) {
        this.#timer = setTimeout(() => this.pump(), at - now);
        return;
      }
      this.#queue.shift();
      if (bytesPerSecond < Infinity) this.#freeAt = now + (head.bytes.length / bytesPerSecond) * 1_000;
      this.to.write(head.bytes);
    }
  }

  clear() {
    clearTimeout(this.#timer);
    this.#queue = [];
  }
}
