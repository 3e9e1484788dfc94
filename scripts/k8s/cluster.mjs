// @ts-check
import { createInterface } from 'node:readline/promises';
import { join } from 'node:path';
import { ROOT } from '../local/state-directory.mjs';
import { installed } from './installed.mjs';
import { Problem } from './problem.mjs';
import { isHere, output, show } from './program.mjs';

/** The name in k8s/kind/cluster.yaml. */
export const KIND_CLUSTER = 'onlyonce';
const KIND_CONFIG = join(ROOT, 'k8s/kind/cluster.yaml');
const KIND_PREFIX = 'kind-';

/** One cluster, by its context of kubectl. */
export class Cluster {
  /** @param {string} context */
  constructor(context) {
    this.context = context;
    /** Its name where kind made it. */
    this.kind = context.startsWith(KIND_PREFIX) ? context.slice(KIND_PREFIX.length) : undefined;
  }

  /** For every call of kubectl. */
  get kubectlFlags() {
    return ['--context', this.context];
  }

  /**
   * @param {readonly string[]} args
   * @param {{ deadlineMs?: number }} [options]
   */
  async kubectl(args, options) {
    return output('kubectl', [...this.kubectlFlags, ...args], options);
  }

  /** @param {readonly string[]} args @returns {Promise<any>} */
  async get(args) {
    return JSON.parse(await this.kubectl(['get', '--output', 'json', ...args]));
  }

  /** @throws Problem when nobody answers */
  async reached() {
    await this.kubectl(['--request-timeout', '5s', 'get', '--raw', '/readyz'], { deadlineMs: 15_000 }).catch(
      (error) => {
        const reason = String(error.message).split('\n').at(-1);
        throw new Problem(`the cluster of context ${this.context} does not answer: ${reason}`);
      },
    );
    return this;
  }
}

/**
 * The cluster to install on: the context of KUBE_CONTEXT; else a kind cluster, made if need be; else the current context.
 * Somebody has to agree before anything happens on a cluster that is not ours.
 * @param {import('./settings.mjs').ClusterSettings} settings
 * @param {(text: string) => void} say
 * @returns {Promise<Cluster>}
 */
export async function clusterToInstallOn(settings, say) {
  if (settings.context === undefined && (await isHere('kind'))) return kindCluster(say);
  const cluster = new Cluster(settings.context ?? (await currentContext()));
  await known(cluster);
  await cluster.reached();
  if (!isTheSame(cluster, settings)) await agreed(settings, `Install on context ${cluster.context}`);
  return cluster;
}

/**
 * The cluster of an installation: the context of KUBE_CONTEXT or of the last `make k8s-up`; else the current one.
 * @param {import('./settings.mjs').ClusterSettings} settings
 * @param {string} question
 */
export async function clusterOfRelease(settings, question) {
  const context = settings.context ?? (await currentContext());
  const cluster = new Cluster(context);
  await known(cluster);
  await cluster.reached();
  if (!isTheSame(cluster, settings)) await agreed(settings, `${question} of context ${context}`);
  return cluster;
}

/** @returns {Promise<string>} */
async function currentContext() {
  const context = await output('kubectl', ['config', 'current-context']).catch(() => '');
  if (context.trim() === '')
    throw new Problem(
      'no cluster: kubectl has no current context, and kind is not on PATH (https://kind.sigs.k8s.io)',
    );
  return context.trim();
}

/** @param {Cluster} cluster */
async function known({ context }) {
  const contexts = (await output('kubectl', ['config', 'get-contexts', '--output', 'name'])).split('\n');
  if (!contexts.includes(context))
    throw new Problem(
      `kubectl knows no context ${context}, but ${contexts.filter(Boolean).join(', ') || 'none at all'}`,
    );
}

/**
 * Whether people agreed to this very place before.
 * @param {Cluster} cluster
 * @param {import('./settings.mjs').ClusterSettings} settings
 */
function isTheSame({ context }, { namespace, release }) {
  const last = installed();
  return last?.context === context && last.namespace === namespace && last.release === release;
}

/**
 * @param {import('./settings.mjs').ClusterSettings} settings
 * @param {string} what
 * @throws Problem when nobody agrees
 */
async function agreed({ confirmed, namespace, release }, what) {
  if (confirmed) return;
  const question = `${what}, release ${release} in namespace ${namespace}?`;
  if (!process.stdin.isTTY) throw new Problem(`${question} Say so with CONFIRM=yes`);
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await asking.question(`${question} [y/N] `);
  asking.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Problem('nothing was done');
}

/**
 * @param {(text: string) => void} say
 * @returns {Promise<Cluster>}
 */
async function kindCluster(say) {
  const clusters = (await output('kind', ['get', 'clusters'])).split('\n');
  if (!clusters.includes(KIND_CLUSTER)) {
    say(`Making the kind cluster ${KIND_CLUSTER}: one control plane, three workers ...`);
    await show('kind', ['create', 'cluster', '--config', KIND_CONFIG, '--wait', '180s']);
  }
  return new Cluster(`${KIND_PREFIX}${KIND_CLUSTER}`).reached();
}
