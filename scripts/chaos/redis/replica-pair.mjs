// @ts-check
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilInfo } from '../faults/redis.mjs';
import { ChaosProxy } from '../proxy/chaos-proxy.mjs';
import { RedisNode } from './redis-node.mjs';

/** A primary and its replica, each behind a proxy for replication: so a replica can be made to lag, and its lag be lost. */
export class ReplicaPair {
  /**
   * @param {string} directory
   * @param {(node: RedisNode) => void} onStart
   */
  static async start(directory, onStart) {
    const nodes = [];
    const links = [];
    for (const name of ['redis-a', 'redis-b']) {
      const node = await RedisNode.create({ directory: join(directory, name), onStart });
      nodes.push(node);
      links.push(await ChaosProxy.open({ target: { host: '127.0.0.1', port: node.port } }));
    }
    const pair = new ReplicaPair(nodes, links);
    await pair.primary.start();
    await pair.replica.start();
    await pair.follow();
    return pair;
  }

  /**
   * @param {RedisNode[]} nodes
   * @param {ChaosProxy[]} links
   */
  constructor(nodes, links) {
    this.nodes = nodes;
    this.links = links;
    this.at = 0;
  }

  get primary() {
    return /** @type {RedisNode} */ (this.nodes[this.at]);
  }

  get replica() {
    return /** @type {RedisNode} */ (this.nodes[1 - this.at]);
  }

  /** What leads to the primary. */
  get #link() {
    return /** @type {ChaosProxy} */ (this.links[this.at]);
  }

  /** The one that is no primary becomes a replica, and has caught up when this resolves. */
  async follow() {
    this.#link.heal();
    const { port } = new URL(this.#link.url);
    await this.replica.ask('REPLICAOF', '127.0.0.1', port);
    await untilInfo(this.replica, 'replication', 'master_link_status', 'up');
    await untilInfo(this.primary, 'replication', 'connected_slaves', '1');
  }

  lag() {
    this.#link.treat({ toClient: { hold: true } });
  }

  /** Kills the primary while its replica is behind by some milliseconds, and promotes the replica. @param {number} lagMs */
  async failOver(lagMs) {
    this.lag();
    await sleep(lagMs);
    await this.primary.kill();
    this.#link.cut();
    await this.promote();
  }

  async promote() {
    await this.replica.ask('REPLICAOF', 'NO', 'ONE');
    this.at = 1 - this.at;
  }

  killNow() {
    for (const node of this.nodes) node.killNow();
  }

  async stop() {
    for (const link of this.links) await link.close();
    for (const node of this.nodes) await node.kill();
  }
}
