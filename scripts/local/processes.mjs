// @ts-check
import { join } from 'node:path';
import { freePort } from './free-port.mjs';
import { Pod } from './pod.mjs';

/** The processes of one local run. Whoever makes it ends it: `endAll`, and `killAllNow` when there is no time. */
export class Processes {
  /** @type {Pod[]} */
  pods = [];

  /**
   * @param {{
   *   logDirectory: string, env: Record<string, string>, detached?: boolean, onStart?: (pod: Pod) => void,
   * }} options env: for every process
   */
  constructor({ logDirectory, env, detached = false, onStart = () => undefined }) {
    this.logDirectory = logDirectory;
    this.env = env;
    this.detached = detached;
    this.onStart = onStart;
  }

  /**
   * Starts one; does not wait until it is ready.
   * @param {import('./pod.mjs').Service} service
   * @param {string} name
   * @param {{ port?: number, env?: Record<string, string> }} [options] a free port by default
   */
  async start(service, name, { port, env = {} } = {}) {
    const pod = new Pod({
      name,
      service,
      port: port ?? (await freePort()),
      logFile: join(this.logDirectory, `${name}.jsonl`),
      env: { ...this.env, ...env },
      detached: this.detached,
    });
    pod.start();
    this.pods.push(pod);
    this.onStart(pod);
    return pod;
  }

  async allReady() {
    await Promise.all(this.pods.filter((pod) => pod.running).map((pod) => pod.ready()));
  }

  /** @param {'SIGTERM' | 'SIGKILL'} signal */
  async endAll(signal) {
    await Promise.all(this.pods.map((pod) => pod.end(signal, 10_000)));
  }

  killAllNow() {
    for (const pod of this.pods) pod.killNow();
  }
}
