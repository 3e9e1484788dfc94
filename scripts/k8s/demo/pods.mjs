// @ts-check
import { waitFor } from '../../local/wait-for.mjs';
import { Problem } from '../problem.mjs';

const SCALED_WITHIN_MS = 240_000;

/** From outside the container PID 1 is out of reach; from within it is tini, and the service is its child. */
const KILL_SERVICE = `
const { readdirSync, readFileSync } = require('node:fs');
for (const pid of readdirSync('/proc').filter((name) => /^\\d+$/.test(name))) {
  let words = [];
  try { words = readFileSync('/proc/' + pid + '/cmdline', 'utf8').split('\\0'); } catch {}
  if (words[0] === 'node' && /dist\\/main\\.js$/.test(words[1] ?? '')) process.kill(Number(pid), 'SIGKILL');
}`;

/** @typedef {{ name: string, ready: boolean, leaving: boolean, restarts: number }} Pod */

/** The inventory pods of a release, and what may befall them. */
export class InventoryPods {
  /**
   * @param {import('../cluster.mjs').Cluster} cluster
   * @param {{ namespace: string, release: string }} release
   */
  constructor(cluster, { namespace, release }) {
    this.cluster = cluster;
    this.inNamespace = ['--namespace', namespace];
    this.selector = `app.kubernetes.io/instance=${release},app.kubernetes.io/name=inventory`;
    this.where = `release ${release} in namespace ${namespace} of context ${cluster.context}`;
    this.deployment = '';
  }

  /**
   * Finds the Deployment.
   * @returns {Promise<number>} its replicas
   * @throws Problem when there is none, or when something else decides how many there are
   */
  async found() {
    const { items } = await this.#get('deployment', '--selector', this.selector);
    if (items.length !== 1)
      throw new Problem(`there is no inventory: ${this.where} (make k8s-up installs it)`);
    this.deployment = items[0].metadata.name;
    const scalers = await this.#get('horizontalpodautoscaler');
    for (const { metadata, spec } of scalers.items) {
      if (spec.scaleTargetRef.name === this.deployment)
        throw new Problem(
          `the autoscaler ${metadata.name} decides how many pods there are: switch it off for the demo`,
        );
    }
    return items[0].spec.replicas;
  }

  /** @returns {Promise<Pod[]>} */
  async list() {
    const { items } = await this.#get('pods', '--selector', this.selector);
    return items.map((/** @type {any} */ { metadata, status }) => ({
      name: metadata.name,
      ready: (status.conditions ?? []).some(
        (/** @type {any} */ { type, status: is }) => type === 'Ready' && is === 'True',
      ),
      leaving: metadata.deletionTimestamp !== undefined,
      restarts: (status.containerStatuses ?? []).reduce(
        (/** @type {number} */ sum, /** @type {any} */ { restartCount }) => sum + restartCount,
        0,
      ),
    }));
  }

  /** @param {number} replicas */
  async scale(replicas) {
    await this.#kubectl('scale', `deployment/${this.deployment}`, `--replicas=${replicas}`);
  }

  /**
   * Waits until there are that many, all ready, and none leaving.
   * @param {number} replicas
   * @returns {Promise<Pod[]>}
   */
  async settledAt(replicas) {
    return waitFor(
      `${replicas} inventory pods, all ready`,
      async () => {
        const pods = await this.list();
        return pods.length === replicas && pods.every(({ ready, leaving }) => ready && !leaving) && pods;
      },
      { deadlineMs: SCALED_WITHIN_MS, everyMs: 500 },
    );
  }

  /** As a roll-out or a drained node would. @param {readonly string[]} names */
  async delete(...names) {
    await this.#kubectl('delete', 'pod', ...names, '--wait=false');
  }

  /** As when the node is gone: nobody waits for it. @param {readonly string[]} names */
  async forceDelete(...names) {
    await this.#kubectl('delete', 'pod', ...names, '--grace-period=0', '--force', '--wait=false');
  }

  /** As for lack of memory: the process is gone, its container is started again. @param {string} name */
  async killProcess(name) {
    // Its own end may take the answer along.
    await this.#kubectl('exec', name, '--container', 'inventory', '--', 'node', '-e', KILL_SERVICE).catch(
      (error) => {
        if (!/137|EOF|command terminated/.test(error.message)) throw error;
      },
    );
  }

  /** @param {...string} args @returns {Promise<any>} */
  #get(...args) {
    return this.cluster.get([...this.inNamespace, ...args]);
  }

  /** @param {...string} args */
  #kubectl(...args) {
    return this.cluster.kubectl([...this.inNamespace, ...args]);
  }
}
