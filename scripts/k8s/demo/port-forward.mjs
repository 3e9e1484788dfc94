// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/free-port.mjs';

const AGAIN_MS = 250;
const FIRST_WITHIN_MS = 30_000;

/**
 * A Service of the cluster on a port of this machine. `kubectl port-forward` goes to one pod and ends with it: then it is
 * started again, on the same port, and reaches another one.
 */
export class PortForward {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  #stopped = false;
  /** The last thing it complained about. */
  #said = '';

  /**
   * @param {import('../cluster.mjs').Cluster} cluster
   * @param {{ namespace: string, service: string, port: number }} target
   */
  constructor(cluster, target) {
    this.cluster = cluster;
    this.target = target;
    this.restarts = 0;
    this.url = '';
  }

  /** @returns {Promise<string>} its URL, once it is open */
  async open() {
    const local = await freePort();
    this.url = `http://127.0.0.1:${local}`;
    const first = Promise.withResolvers();
    void this.#keepOpen(local, () => first.resolve(undefined));
    const late = sleep(FIRST_WITHIN_MS, undefined, { ref: false }).then(() => {
      throw new Error(`no way to service ${this.target.service}: ${this.#said || 'kubectl says nothing'}`);
    });
    await Promise.race([first.promise, late]);
    return this.url;
  }

  close() {
    this.#stopped = true;
    this.#child?.kill('SIGKILL');
  }

  /**
   * @param {number} local
   * @param {() => void} opened
   */
  async #keepOpen(local, opened) {
    const { namespace, service, port } = this.target;
    const where = ['--namespace', namespace, 'port-forward', `service/${service}`, `${local}:${port}`];
    while (!this.#stopped) {
      const child = spawn('kubectl', [...this.cluster.kubectlFlags, ...where], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      this.#child = child;
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('Forwarding from 127.0.0.1')) opened();
      });
      createInterface({ input: child.stderr }).on('line', (line) => {
        this.#said = line;
        // It may live on without its pod, refusing everything.
        if (/lost connection to pod|error forwarding port|network namespace/i.test(line))
          child.kill('SIGKILL');
      });
      await once(child, 'close').catch(() => undefined);
      if (this.#stopped) return;
      this.restarts += 1;
      await sleep(AGAIN_MS);
    }
  }
}
