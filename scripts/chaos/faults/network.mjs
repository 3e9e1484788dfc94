// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {import('./pods.mjs').Scene} Scene */
/** @typedef {import('./pods.mjs').Injection} Injection */

/** A call that does not come in this time is not waited for. */
const CALL_MS = 8_000;

/** @type {Record<string, (scene: Scene, injection: Injection) => Promise<void>>} */
export const NETWORK_FAULTS = {
  'reply lost': (scene, { row, pod, params }) => {
    const { scripts } = params;
    const what = `reply of ${scripts[0]} lost`;
    const lose = async (
      /** @type {import('../proxy/chaos-proxy.mjs').ChaosProxy} */ proxy,
      /** @type {string} */ target,
    ) => {
      const lost = proxy.loseReplyOf(scripts).then(() => true);
      if (await Promise.race([lost, sleep(CALL_MS).then(() => false)])) {
        await scene.faults.during({ row, kind: what, target }, async () => undefined);
      } else {
        proxy.forgetReply();
        scene.faults.skip(row, `no call of ${scripts[0]} came within ${CALL_MS} ms`);
      }
    };
    if (row === 10) return scene.mutex.hold(['publisher'], () => lose(scene.publisherProxy, 'publisher'));
    return scene.withPod(pod, (victim) => lose(scene.proxyOf(victim), victim.name));
  },
  reset: (scene, injection) => scene.throughProxy(injection, (proxy) => proxy.cut()),
  delay: (scene, injection) =>
    scene.throughProxy(injection, async (proxy) => {
      const { delayMs, ms } = injection.params;
      proxy.treat({ toServer: { delayMs }, toClient: { delayMs } });
      await sleep(ms);
      proxy.heal();
    }),
  throttle: (scene, injection) =>
    scene.throughProxy(injection, async (proxy) => {
      const { bytesPerSecond, ms } = injection.params;
      proxy.treat({ toServer: { bytesPerSecond }, toClient: { bytesPerSecond } });
      await sleep(ms);
      proxy.heal();
    }),
  'half open, then dropped': (scene, injection) =>
    scene.throughProxy(injection, async (proxy) => {
      proxy.treat({ toServer: { hold: true }, toClient: { hold: true } });
      await sleep(injection.params['ms']);
      proxy.cut();
      proxy.heal();
    }),
  'half open, then resumed': (scene, injection) =>
    scene.throughProxy(injection, async (proxy) => {
      proxy.treat({ toServer: { hold: true }, toClient: { hold: true } });
      await sleep(injection.params['ms']);
      proxy.heal();
    }),
  'black hole': (scene, injection) =>
    scene.throughProxy(injection, async (proxy) => {
      const { way, ms } = injection.params;
      // What was swallowed never comes: the connection is of no use afterwards.
      proxy.treat({ [way]: { drop: true } });
      await sleep(ms);
      proxy.cut();
      proxy.heal();
    }),
  'packets dropped': (scene, injection) => partition(scene, injection, 'drop'),
  'link down': (scene, injection) => partition(scene, injection, 'down'),
};

/**
 * @param {Scene} scene
 * @param {Injection} injection
 * @param {'drop' | 'down'} how
 */
async function partition(scene, { row, kind, params }, how) {
  const { namespace } = scene;
  if (namespace === undefined || typeof namespace === 'string') {
    scene.faults.skip(row, namespace ?? 'no namespace');
    return;
  }
  const victim = scene.pods.pods[0];
  if (victim === undefined) throw new Error('there is no pod');
  await scene.mutex.hold([`pod ${victim.name}`], () =>
    scene.faults.during({ row, kind, target: victim.name }, async () => {
      const heal = namespace.partition(how);
      try {
        await sleep(params['forMs']);
      } finally {
        heal();
      }
    }),
  );
}
