// @ts-check
import { join } from 'node:path';
import { freePort } from '../../local/free-port.mjs';
import { statusOf } from '../../local/pod.mjs';
import { ROOT } from '../../local/state-directory.mjs';
import { ChaosProcess } from './chaos-process.mjs';

const ASK_EVERY_MS = 100;

/** A replica of one of the real, built services: is asked over HTTP whether it can work. */
export class ServiceProcess extends ChaosProcess {
  /** @type {NodeJS.Timeout | undefined} */
  #asking;

  /**
   * @param {{ service: 'order' | 'inventory', name: string, logFile: string, env: Record<string, string> }} options
   */
  static async create({ service, name, logFile, env }) {
    const port = await freePort();
    const all = { ...env, PORT: String(port), HOST: '127.0.0.1', POD_NAME: name };
    const program = join(ROOT, service, 'dist/main.js');
    return new ServiceProcess({ name, program, settings: {}, logFile, env: all }, service, port);
  }

  /**
   * @param {ConstructorParameters<typeof ChaosProcess>[0]} options
   * @param {'order' | 'inventory'} service
   * @param {number} port
   */
  constructor(options, service, port) {
    super(options);
    this.service = service;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** @override */
  start() {
    super.start();
    clearInterval(this.#asking);
    const { starts } = this;
    this.#asking = setInterval(async () => {
      const ready = (await statusOf(`${this.url}/health/ready`)) === 200;
      if (this.starts === starts) this.ready = ready && this.running;
    }, ASK_EVERY_MS);
    this.#asking.unref();
  }

  /**
   * @override
   * @param {'SIGTERM' | 'SIGKILL'} signal
   * @param {number} [deadlineMs]
   */
  async end(signal, deadlineMs) {
    clearInterval(this.#asking);
    this.ready = false;
    return super.end(signal, deadlineMs);
  }

  /** @override */
  killNow() {
    clearInterval(this.#asking);
    super.killNow();
  }
}
