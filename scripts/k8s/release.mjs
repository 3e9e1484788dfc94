// @ts-check
import { join } from 'node:path';
import { ROOT } from '../local/state-directory.mjs';
import { output, show } from './program.mjs';

const CHART = join(ROOT, 'helm/onlyonce');
const KIND_VALUES = join(ROOT, 'k8s/kind/values.yaml');
const KIND_SERVICES = join(ROOT, 'k8s/kind/services.yaml');
const EVENTS = 15;

/** One release of the umbrella chart on one cluster. */
export class Release {
  /**
   * @param {import('./cluster.mjs').Cluster} cluster
   * @param {import('./settings.mjs').ClusterSettings} settings
   */
  constructor(cluster, settings) {
    this.cluster = cluster;
    this.settings = settings;
  }

  /** For every call of Helm. */
  get #flags() {
    return ['--kube-context', this.cluster.context, '--namespace', this.settings.namespace];
  }

  /**
   * Makes the namespace, if need be, so that it refuses pods that could do more than ours need.
   * @returns {Promise<boolean>} whether it was made
   */
  async namespaceMade() {
    const { namespace } = this.settings;
    const name = await this.cluster.kubectl([
      'get',
      'namespace',
      namespace,
      '--ignore-not-found',
      '-o',
      'name',
    ]);
    if (name.trim() !== '') return false;
    await this.cluster.kubectl(['create', 'namespace', namespace]);
    await this.cluster.kubectl([
      'label',
      'namespace',
      namespace,
      'pod-security.kubernetes.io/enforce=restricted',
    ]);
    return true;
  }

  /**
   * Installs or upgrades, and waits until everything is ready.
   * @param {Readonly<Record<string, string>>} values
   */
  async install(values) {
    const { release, waitSeconds, replicas, values: files } = this.settings;
    const isKind = this.cluster.kind !== undefined;
    const set = {
      ...values,
      ...(replicas === undefined ? {} : { 'inventory.replicaCount': String(replicas) }),
    };
    await show('helm', [
      ...['upgrade', '--install', release, CHART, ...this.#flags],
      ...[...(isKind ? [KIND_VALUES] : []), ...files].flatMap((file) => ['--values', file]),
      ...Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
      ...['--wait', '--timeout', `${waitSeconds}s`],
    ]).catch(async (error) => {
      console.error(await this.#whatIsWrong());
      throw error;
    });
    if (isKind) await this.cluster.kubectl([...this.#inNamespace, 'apply', '--filename', KIND_SERVICES]);
  }

  /** Its log is asked for here: `helm test --logs` prints it once for every object of the test, three times. */
  async test() {
    const { release, namespace } = this.settings;
    const selector = `app.kubernetes.io/instance=${release},app.kubernetes.io/component=helm-test`;
    try {
      await output('helm', ['test', release, ...this.#flags], { deadlineMs: 300_000 });
    } finally {
      console.log(
        await this.cluster
          .kubectl(['--namespace', namespace, 'logs', '--selector', selector, '--tail=-1'])
          .catch(String),
      );
    }
  }

  /** @returns {Promise<boolean>} false: there was none */
  async uninstall() {
    const { release } = this.settings;
    const status = await output('helm', ['status', release, ...this.#flags]).catch((error) => {
      if (/not found/.test(error.message)) return undefined;
      throw error;
    });
    if (status === undefined) return false;
    await show('helm', ['uninstall', release, ...this.#flags, '--wait', '--timeout', '180s']);
    // What `helm test` made is no part of the release to Helm.
    const test = `app.kubernetes.io/instance=${release},app.kubernetes.io/component=helm-test`;
    await this.cluster.kubectl([
      ...this.#inNamespace,
      ...['delete', 'pod,configmap,networkpolicy', '--selector', test],
    ]);
    if (this.cluster.kind !== undefined)
      await this.cluster.kubectl([
        ...this.#inNamespace,
        ...['delete', '--ignore-not-found', '--filename', KIND_SERVICES],
      ]);
    return true;
  }

  /** Stock, orders, and every id remembered; and the passwords to them. */
  async deleteData() {
    const mine = `app.kubernetes.io/instance=${this.settings.release}`;
    const waiting = ['--wait', '--timeout', '120s'];
    return this.cluster.kubectl(
      [...this.#inNamespace, 'delete', 'persistentvolumeclaim,secret', '--selector', mine, ...waiting],
      { deadlineMs: 150_000 },
    );
  }

  get #inNamespace() {
    return ['--namespace', this.settings.namespace];
  }

  /** Pods and the last events: what people would ask for next. */
  async #whatIsWrong() {
    const ask = (/** @type {string[]} */ args) =>
      this.cluster.kubectl([...this.#inNamespace, 'get', ...args]).catch(String);
    const events = await ask(['events', '--sort-by', '.lastTimestamp']);
    return [await ask(['pods']), events.trimEnd().split('\n').slice(-EVENTS).join('\n')].join('\n');
  }
}
