// @ts-check
import { rights } from './programs/rights.mjs';
import { services } from './programs/services.mjs';
import { tornBytes } from './programs/torn-bytes.mjs';
import { wiped } from './programs/wiped.mjs';

/**
 * Phases that are not simply a load with faults at their moments.
 * @typedef {{
 *   directory: string, plan: import('./plan.mjs').PhasePlan, settings: import('./settings.mjs').ChaosSettings,
 *   say: (text: string) => void, onProcess: (name: string, pid: number, marker: string) => void,
 *   onScene: (scene: import('./scene.mjs').Scene) => void,
 * }} Means
 * @typedef {(means: Means) => Promise<import('./run-phase.mjs').PhaseResult>} OwnProgram
 * @type {Record<string, OwnProgram>}
 */
export const OWN_PROGRAMS = { rights, services, 'torn-bytes': tornBytes, wiped };
