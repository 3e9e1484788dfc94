// @ts-check
// make k8s-up: images, one `helm upgrade --install`, and `helm test`. On a kind cluster, made if need be, where kind is on
// PATH; else on the context of KUBE_CONTEXT, or the current one, after asking. See docs/kubernetes.md.
import { clusterToInstallOn, KIND_CLUSTER } from './cluster.mjs';
import { imagesOnNodes, needDocker, wayToNodes } from './images.mjs';
import { installed, noteInstalled } from './installed.mjs';
import { runCommand } from './problem.mjs';
import { need } from './program.mjs';
import { Release } from './release.mjs';
import { clusterSettings } from './settings.mjs';

const say = (/** @type {string} */ text) => console.log(text);

await runCommand('k8s-up', async () => {
  const settings = clusterSettings(process.env);
  await need('kubectl', 'helm');
  // Before a cluster is made that would be of no use.
  if (settings.load !== 'none') await need('docker');
  const cluster = await clusterToInstallOn(settings, say);
  const way = wayToNodes(settings, cluster);
  await needDocker(way);
  const release = new Release(cluster, settings);
  const { namespace, release: name } = settings;
  const images = await imagesOnNodes(settings, way, say);
  const before = installed();
  const madeNamespace = await release.namespaceMade();
  noteInstalled({
    ...{ context: cluster.context, namespace, release: name },
    // It stays ours when this is an upgrade.
    madeNamespace: madeNamespace || (before?.namespace === namespace && before.madeNamespace),
    kindCluster: cluster.kind === KIND_CLUSTER ? KIND_CLUSTER : undefined,
  });
  say(`Installing ${name} in namespace ${namespace} of ${cluster.context} ...`);
  await release.install(images);
  await release.test();
  const reached =
    cluster.kind === KIND_CLUSTER
      ? 'order is at http://localhost:3001, inventory at http://localhost:3002.'
      : `kubectl --context ${cluster.context} --namespace ${namespace} port-forward service/${name}-order 3001`;
  say(
    `\nUp, and tested: ${reached}\nmake k8s-demo deletes pods under load and proves; make k8s-down uninstalls.`,
  );
});
