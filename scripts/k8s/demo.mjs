// @ts-check
// make k8s-demo: orders while inventory pods are deleted and killed, and while there are 3, 8 and 2 of them; then counts
// effects, in the stock and in `kubectl logs`. Ends with PROVED (exit code 0) or FAILED (1). See docs/kubernetes.md.
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { styleText } from 'node:util';
import { lastLine } from '../demo/judge.mjs';
import { Progress } from '../demo/progress.mjs';
import { stateDirectory } from '../local/state-directory.mjs';
import { clusterOfRelease } from './cluster.mjs';
import { disturb } from './demo/disturbances.mjs';
import { PodLogs } from './demo/pod-logs.mjs';
import { InventoryPods } from './demo/pods.mjs';
import { PortForward } from './demo/port-forward.mjs';
import { logsSince, runDemo } from './demo/run.mjs';
import { RunOrders } from './demo/run-orders.mjs';
import { demoSettings } from './demo/settings.mjs';
import { Shop } from './demo/shop.mjs';
import { installed } from './installed.mjs';
import { runCommand } from './problem.mjs';
import { need } from './program.mjs';
import { clusterSettings } from './settings.mjs';

const MOST_ORDERS = 20_000;
const REPLICAS = 3;

const progress = new Progress();
const say = (/** @type {string} */ text) => progress.say(text);
/** @type {(() => void)[]} */
const atExit = [];

await runCommand(
  'k8s-demo',
  async () => {
    const settings = demoSettings(process.env);
    const where = clusterSettings(process.env, installed());
    await need('kubectl');
    const cluster = await clusterOfRelease(where, 'Delete and scale inventory pods');
    const pods = new InventoryPods(cluster, where);
    const before = await pods.found();
    const directory = freshDirectory();
    const orders = new RunOrders(`k8s-${Date.now().toString(36)}`, MOST_ORDERS);
    const logs = new PodLogs(cluster, {
      ...{ namespace: where.namespace, directory: join(directory, 'logs'), since: logsSince() },
      selector: `app.kubernetes.io/instance=${where.release},app.kubernetes.io/name in (order,inventory)`,
      isWanted: (line) => orders.isMine(line),
    });
    const ways = /** @type {const} */ (['order', 'inventory']).map(
      (service, index) =>
        new PortForward(cluster, {
          ...{ namespace: where.namespace, service: `${where.release}-${service}`, port: 3_001 + index },
        }),
    );
    atExit.push(() => logs.kill(), ...ways.map((way) => () => way.close()));

    await pods.scale(REPLICAS);
    await pods.settledAt(REPLICAS);
    logs.start();
    const [orderUrl = '', inventoryUrl = ''] = await Promise.all(ways.map((way) => way.open()));
    say(`${pods.where}: ${REPLICAS} inventory pods are ready.`);
    const { apiKey, adminApiKey } = settings;
    const shop = new Shop({ orderUrl, inventoryUrl, apiKey, adminApiKey });
    const run = await runDemo({
      ...{ settings, orders, shop, logs, directory, say },
      disturb: () => disturb(pods, say),
    }).finally(() => pods.scale(before));
    return told(run, { logs, directory });
  },
  () => atExit.forEach((end) => end()),
);

/**
 * @param {Awaited<ReturnType<typeof runDemo>>} run
 * @param {{ logs: PodLogs, directory: string }} from
 */
function told({ verdict, certificate, disturbances, orders }, { logs, directory }) {
  const faults = [...verdict.faults];
  if (certificate.verdict !== 'proved')
    faults.push(`the logs: ${certificate.verdict}, ${JSON.stringify(certificate.violations.counts)}`);
  const struck = disturbances.reduce((sum, { pods }) => sum + pods.length, 0);
  const { longestMs, p50Ms } = certificate.waits;
  const { takeovers, refused } = certificate.groups.find(
    (/** @type {{ group: string }} */ { group }) => group === 'inventory',
  ) ?? { takeovers: 0, refused: 0 };
  say(
    `${struck} pods were struck, ${logs.containers} starts of containers were heard; ${takeovers} messages were taken ` +
      `over, ${refused} results came too late and were refused; from acceptance to effect ` +
      `${Math.round(p50Ms)} ms in the middle, ${(longestMs / 1_000).toFixed(1)} s at the longest.`,
  );
  say(`${relative(process.cwd(), directory)} has the logs, certificate.json and report.html.`);
  const proved = faults.length === 0;
  console.log(styleText([proved ? 'green' : 'red', 'bold'], lastLine(orders, { ...verdict, faults })));
  return proved ? 0 : 1;
}

/** @returns {string} */
function freshDirectory() {
  const directory = stateDirectory('k8s-demo');
  rmSync(directory, { recursive: true });
  mkdirSync(join(directory, 'logs'), { recursive: true });
  return directory;
}
