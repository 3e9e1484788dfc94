// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../local/free-port.mjs';
import { redisCommand } from '../../local/redis-wire.mjs';
import { waitFor } from '../../local/wait-for.mjs';
import { infoField, untilInfo } from '../faults/redis.mjs';
import { RedisNode } from './redis-node.mjs';

const NAME = 'onlyonce';
const SENTINELS = 3;
const READY_MS = 40_000;

/** A primary, its replica and three Sentinels that decide by themselves when the replica takes over. */
export class SentinelSet {
  at = 0;

  /**
   * @param {string} directory
   * @param {(node: RedisNode) => void} onStart
   */
  static async start(directory, onStart) {
    const nodes = [];
    for (const name of ['redis-a', 'redis-b'])
      nodes.push(await RedisNode.create({ directory: join(directory, name), onStart }));
    const set = new SentinelSet(nodes);
    await set.primary.start();
    set.replica.args = ['--replicaof', '127.0.0.1', String(set.primary.port)];
    await set.replica.start();
    await set.follow();
    for (let nth = 1; nth <= SENTINELS; nth += 1) await set.#watch(join(directory, `sentinel-${nth}`));
    await set.#allSeen();
    return set;
  }

  /** @param {RedisNode[]} nodes */
  constructor(nodes) {
    this.nodes = nodes;
    /** @type {{ port: number, child: import('node:child_process').ChildProcess }[]} */
    this.watchers = [];
  }

  get primary() {
    return /** @type {RedisNode} */ (this.nodes[this.at]);
  }

  get replica() {
    return /** @type {RedisNode} */ (this.nodes[1 - this.at]);
  }

  /** What pods are given: they ask a Sentinel where the primary is. */
  get url() {
    return `redis+sentinel://${this.watchers.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`;
  }

  /** @param {string} directory */
  async #watch(directory) {
    mkdirSync(directory, { recursive: true });
    const port = await freePort();
    const file = join(directory, 'sentinel.conf');
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${directory}`,
      `sentinel monitor ${NAME} 127.0.0.1 ${this.primary.port} 2`,
      `sentinel down-after-milliseconds ${NAME} 500`,
      `sentinel failover-timeout ${NAME} 3000`,
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    const log = openSync(join(directory, 'sentinel.log'), 'a');
    const child = spawn('redis-server', [file, '--sentinel'], { stdio: ['ignore', log, log] });
    closeSync(log);
    this.watchers.push({ port, child });
    const answers = async () => (await redisCommand(port, ['PING'], 500).catch(() => '')) === 'PONG';
    await waitFor('an answer of a Sentinel', answers, { deadlineMs: READY_MS, everyMs: 20 });
  }

  /** A Sentinel that does not know the replica cannot promote it. */
  async #allSeen() {
    for (const { port } of this.watchers) {
      const seen = async () => {
        const reply = /** @type {string[]} */ (await redisCommand(port, ['SENTINEL', 'MASTER', NAME]));
        const cells = Array.from(reply, String);
        const field = (/** @type {string} */ name) => Number(cells[cells.indexOf(name) + 1]);
        return field('num-slaves') >= 1 && field('num-other-sentinels') >= SENTINELS - 1;
      };
      await waitFor('Sentinels that know each other', seen, { deadlineMs: READY_MS });
    }
  }

  async follow() {
    await untilInfo(this.replica, 'replication', 'master_link_status', 'up');
  }

  /**
   * Kills the primary; the Sentinels find out and promote the replica.
   * @param {number} _lagMs their replica is not made to lag
   */
  async failOver(_lagMs) {
    await this.primary.kill();
    const promoted = async () => (await infoField(this.replica, 'replication', 'role')) === 'master';
    await waitFor('the promotion of the replica', promoted, { deadlineMs: READY_MS, everyMs: 20 });
    this.at = 1 - this.at;
    this.replica.args = ['--replicaof', '127.0.0.1', String(this.primary.port)];
  }

  async stop() {
    this.killNow();
    for (const node of this.nodes) await node.kill();
  }

  killNow() {
    for (const { child } of this.watchers) child.kill('SIGKILL');
    for (const node of this.nodes) node.killNow();
  }
}
