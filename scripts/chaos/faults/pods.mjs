// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../local/wait-for.mjs';
import { SELF_ENDED } from '../pod/misbehave.mjs';

/**
 * @typedef {import('../scene.mjs').Scene} Scene
 * @typedef {import('../plan.mjs').Injection} Injection
 * @typedef {import('../pods/chaos-process.mjs').ChaosProcess} ChaosProcess
 */

/** A window that is not reached in this time is not waited for: the pod is struck where it stands. */
const WINDOW_MS = 4_000;
const BACK_MS = 180_000;

/** @type {Record<string, (scene: Scene, injection: Injection) => Promise<void>>} */
export const POD_FAULTS = {
  SIGKILL: (scene, { row, pod, params }) =>
    scene.withPod(pod, (victim) =>
      scene.faults.during({ row, kind: 'SIGKILL', target: victim.name }, async () => {
        await scene.pods.takeDown(victim, 'SIGKILL');
        await sleep(params['downMs']);
        scene.pods.bringUp(victim);
        await victim.untilReady(BACK_MS);
      }),
    ),
  'crash at': (scene, { row, pod, params }) =>
    scene.withPod(pod, (victim) => {
      const { window } = params;
      return scene.faults.during({ row, kind: `crash at ${window}`, target: victim.name }, async () => {
        const { starts } = victim;
        scene.pods.expectEnd(victim);
        victim.send({ arm: { window, signal: 'SIGKILL' } });
        const struck = () => !victim.running || victim.starts > starts;
        await waitFor('the end', struck, { deadlineMs: WINDOW_MS, everyMs: 5 }).catch(() =>
          victim.signal('SIGKILL'),
        );
        await waitFor('a start', () => victim.starts > starts, { deadlineMs: BACK_MS, everyMs: 10 });
        await victim.untilReady(BACK_MS);
      });
    }),
  SIGSTOP: (scene, { row, pod, params }) =>
    scene.withPod(pod, (victim) =>
      scene.faults.during({ row, kind: 'SIGSTOP', target: victim.name }, async () => {
        victim.signal('SIGSTOP');
        await sleep(params['forMs']);
        victim.signal('SIGCONT');
      }),
    ),
  'pause at': (scene, { row, pod, params }) =>
    scene.withPod(pod, (victim) => {
      const { window, forMs } = params;
      return scene.faults.during({ row, kind: `pause at ${window}`, target: victim.name }, async () => {
        victim.send({ arm: { window, signal: 'SIGSTOP' } });
        await waitFor('the pause', () => victim.stopped, { deadlineMs: WINDOW_MS, everyMs: 5 }).catch(() =>
          victim.signal('SIGSTOP'),
        );
        await sleep(forMs);
        victim.signal('SIGCONT');
        victim.send({ arm: null });
      });
    }),
  SIGTERM: (scene, { row, pod }) =>
    scene.withPod(pod, (victim) =>
      scene.faults.during({ row, kind: 'SIGTERM', target: victim.name }, async () => {
        // One that is starting (a process killer took it down) has nothing to drain yet, and just ends.
        const { ready } = victim;
        const { code, signal } = await scene.pods.takeDown(victim, 'SIGTERM');
        // A process killer may be in its hands, and take it down first.
        if (code !== 0 && code !== SELF_ENDED && ready)
          scene.blame(`${victim.name} ended with ${code ?? signal} on SIGTERM`);
        scene.pods.bringUp(victim);
        await victim.untilReady(BACK_MS);
      }),
    ),
  'all pods down': (scene, { row, params }) =>
    scene.withAllPods((all) =>
      scene.faults.during({ row, kind: 'all pods down' }, async () => {
        await Promise.all(all.map((pod) => scene.pods.takeDown(pod, 'SIGKILL')));
        await sleep(params['forMs']);
        for (const pod of all) scene.pods.bringUp(pod);
        await Promise.all(all.map((pod) => pod.untilReady(BACK_MS)));
      }),
    ),
};
