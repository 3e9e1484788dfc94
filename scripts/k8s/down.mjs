// @ts-check
// make k8s-down: uninstalls what `make k8s-up` installed. The volume, and with it a kind cluster, stays unless DATA=delete.
import { clusterOfRelease } from './cluster.mjs';
import { forgetInstalled, installed } from './installed.mjs';
import { runCommand } from './problem.mjs';
import { need, show } from './program.mjs';
import { Release } from './release.mjs';
import { clusterSettings } from './settings.mjs';

const say = (/** @type {string} */ text) => console.log(text);

await runCommand('k8s-down', async () => {
  const settings = clusterSettings(process.env, installed());
  await need('kubectl', 'helm');
  const cluster = await clusterOfRelease(settings, 'Uninstall');
  const last = installed();
  const { namespace, release: name } = settings;
  const release = new Release(cluster, settings);
  const ours = last?.context === cluster.context && last.namespace === namespace && last.release === name;
  if (ours && last.kindCluster !== undefined && settings.deleteData) {
    await need('kind');
    await show('kind', ['delete', 'cluster', '--name', last.kindCluster]);
    forgetInstalled();
    return;
  }
  say(
    (await release.uninstall())
      ? `Uninstalled ${name} from namespace ${namespace} of ${cluster.context}.`
      : `There is no release ${name} in namespace ${namespace} of ${cluster.context}.`,
  );
  if (!settings.deleteData) {
    const rest = ours && last.kindCluster !== undefined ? 'The kind cluster with the volume' : 'The volume';
    say(
      `${rest} and the passwords of Redis stay: make k8s-up goes on with them, make k8s-down DATA=delete removes them.`,
    );
    return;
  }
  await release.deleteData();
  if (ours && last.madeNamespace)
    await cluster.kubectl(['delete', 'namespace', namespace], { deadlineMs: 180_000 });
  if (ours) forgetInstalled();
  say('Its data are deleted: stock, orders, and every id that was remembered.');
});
