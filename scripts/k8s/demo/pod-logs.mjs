// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 700;
const LAST_LINES_MS = 30_000;

/**
 * The logs of all pods of a release while they come and go. What a deleted pod said can be read from nowhere afterwards, so
 * every container is followed from the moment it is seen. A line that is read twice counts once for the verifier.
 */
export class PodLogs {
  /** What was read, by container and start of it: file names. @type {Set<string>} */
  files = new Set();
  /** Containers that have been seen. @type {Set<string>} */
  #seen = new Set();
  /** Followers that go on. @type {Set<import('node:child_process').ChildProcess>} */
  #children = new Set();
  /** @type {Promise<void>[]} */
  #readings = [];
  #stopped = false;
  /** @type {Promise<void> | undefined} */
  #watching;

  /**
   * @param {import('../cluster.mjs').Cluster} cluster
   * @param {{
   *   namespace: string, selector: string, directory: string, since: Date, isWanted: (line: string) => boolean,
   * }} options since: by the clocks of the nodes
   */
  constructor(cluster, options) {
    this.cluster = cluster;
    this.options = options;
  }

  start() {
    this.#watching = this.#watch();
  }

  /** Containers that were followed; one that was started again counts again. */
  get containers() {
    return this.#seen.size;
  }

  /** Ends it: with a last, whole reading of all that is still there. */
  async stop() {
    this.#stopped = true;
    await this.#watching;
    for (const { pod, container } of await this.#containers()) {
      this.#readings.push(this.#read(pod, container, ['--tail=-1'], `${pod}.${container}.end`));
    }
    const all = Promise.all(this.#readings);
    // Those that follow living pods have no end of their own.
    this.kill('SIGTERM');
    await Promise.race([all, sleep(LAST_LINES_MS, undefined, { ref: false })]);
  }

  /** @param {NodeJS.Signals} [signal] */
  kill(signal = 'SIGKILL') {
    for (const child of this.#children) child.kill(signal);
  }

  async #watch() {
    while (!this.#stopped) {
      // An API server that is busy for a moment answers the next time.
      const containers = await this.#containers().catch(() => []);
      for (const { pod, container, uid, restarts } of containers) {
        const start = `${uid}.${container}.${restarts}`;
        if (this.#seen.has(start)) continue;
        this.#seen.add(start);
        const name = `${pod}.${container}.${restarts}`;
        this.#readings.push(this.#follow(pod, container, name));
        // In case its follower did not hear its last words.
        if (restarts > 0) this.#readings.push(this.#read(pod, container, ['--previous'], `${name}.before`));
      }
      await sleep(EVERY_MS);
    }
  }

  /**
   * Containers that have started, of all pods.
   * @returns {Promise<{ pod: string, container: string, uid: string, restarts: number }[]>}
   */
  async #containers() {
    const { namespace, selector } = this.options;
    const { items } = await this.cluster.get(['--namespace', namespace, 'pods', '--selector', selector]);
    return items.flatMap((/** @type {any} */ { metadata, status }) =>
      (status.containerStatuses ?? [])
        .filter((/** @type {any} */ { state }) => state.running ?? state.terminated)
        .map((/** @type {any} */ { name, restartCount }) => ({
          ...{ pod: metadata.name, container: name, uid: metadata.uid, restarts: restartCount },
        })),
    );
  }

  /**
   * @param {string} pod @param {string} container @param {string} name
   */
  async #follow(pod, container, name) {
    await this.#read(pod, container, ['--follow'], name, (child) => this.#children.add(child));
  }

  /**
   * @param {string} pod
   * @param {string} container
   * @param {readonly string[]} how
   * @param {string} name of the file
   * @param {(child: import('node:child_process').ChildProcess) => void} [started]
   */
  async #read(pod, container, how, name, started = () => undefined) {
    const { namespace, directory, since, isWanted } = this.options;
    const file = join(directory, `${name}.jsonl`);
    this.files.add(file);
    const of = ['--namespace', namespace, 'logs', pod, '--container', container];
    const args = [...this.cluster.kubectlFlags, ...of, `--since-time=${since.toISOString()}`, ...how];
    const child = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    started(child);
    const target = createWriteStream(file);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (isWanted(line)) target.write(`${line}\n`);
    });
    await once(child, 'close');
    this.#children.delete(child);
    target.end();
    await finished(target);
  }
}
