// @ts-check
import { runPhase } from '../run-phase.mjs';
import { ServiceScene } from '../service-scene.mjs';

/**
 * The real order and inventory services instead of pods of the campaign.
 * @type {import('../own-programs.mjs').OwnProgram}
 */
export async function services(means) {
  const scene = new ServiceScene({ ...means, surroundings: {} });
  means.onScene(scene);
  await scene.open();
  return runPhase(scene);
}
