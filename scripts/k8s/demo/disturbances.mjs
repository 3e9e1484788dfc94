// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';

/** Between two: long enough for orders to reach whoever is left. */
const CALM_MS = 3_000;

/**
 * @typedef {{ at: Date, until: Date, what: string, pods: string[] }} Disturbance
 */

/**
 * What befalls the pods while orders come in: deleted as by a roll-out, killed as for lack of memory, gone as with their
 * node; from 3 pods to 8 and down to 2.
 * @param {import('./pods.mjs').InventoryPods} pods that are 3, all ready
 * @param {(text: string) => void} say
 * @returns {Promise<Disturbance[]>}
 */
export async function disturb(pods, say) {
  /** @type {Disturbance[]} */
  const done = [];
  await sleep(CALM_MS);
  const [first] = await names(1);
  await strike('deleted', [first], () => pods.delete(first));
  await sleep(CALM_MS);

  await strike('scaled from 3 to 8', [], async () => {
    await pods.scale(8);
    await pods.settledAt(8);
  });
  const [killed] = await names(1);
  await strike('killed by SIGKILL', [killed], () => pods.killProcess(killed));
  await sleep(CALM_MS);
  const pair = await names(3);
  await strike('deleted, two of them at the same moment', pair.slice(0, 2), () =>
    pods.delete(...pair.slice(0, 2)),
  );
  await strike('deleted by force', pair.slice(2), () => pods.forceDelete(...pair.slice(2)));
  await sleep(CALM_MS);
  await pods.settledAt(8);

  await strike('scaled from 8 to 2', [], async () => {
    await pods.scale(2);
    await pods.settledAt(2);
  });
  const [last] = await names(1);
  await strike('killed by SIGKILL', [last], () => pods.killProcess(last));
  const [other] = (await names(2)).filter((name) => name !== last);
  if (other !== undefined) await strike('deleted', [other], () => pods.delete(other));
  await sleep(CALM_MS);
  await pods.settledAt(2);
  return done;

  /**
   * @param {string} what
   * @param {string[]} victims
   * @param {() => Promise<void>} how
   */
  async function strike(what, victims, how) {
    const at = new Date();
    await how();
    done.push({ at, until: new Date(), what, pods: victims });
    say(victims.length === 0 ? `Inventory was ${what}.` : `${victims.join(' and ')}: ${what}.`);
  }

  /**
   * @param {number} count
   * @returns {Promise<[string, ...string[]]>} pods that are ready and not leaving
   */
  async function names(count) {
    const ready = (await pods.list()).filter((pod) => pod.ready && !pod.leaving).map(({ name }) => name);
    const [one, ...more] = ready;
    if (one === undefined) throw new Error('no inventory pod is ready');
    return [one, ...more.slice(0, count - 1)];
  }
}
