// @ts-check
/**
 * @param {string} phase
 * @param {string[]} [wrongs]
 * @returns {import('./run-phase.mjs').PhaseResult} of a phase in which nothing has happened yet
 */
export const emptyResult = (phase, wrongs = []) => ({
  phase,
  seconds: 0,
  wrongs,
  done: new Map(),
  skipped: new Map(),
  messages: 0,
  effects: 0,
  rejected: 0,
  dead: 0,
  takeovers: 0,
  refused: 0,
  retries: 0,
  worstWaitMs: 0,
  lost: 0,
  undone: 0,
});
