// @ts-check

/** Changes when a field changes its meaning or goes. */
export const SCHEMA = 'onlyonce-load-test/1';

/**
 * @typedef {ReturnType<typeof summaryOf>} Summary
 */

/**
 * @param {{
 *   settings: import('./settings.mjs').LoadSettings, system: string, startedAt: Date,
 *   figures: import('./figures.mjs').Figures, windows: ReturnType<typeof import('./figures.mjs').overTime>,
 *   certificate: any, allSettled: boolean,
 * }} run
 */
export function summaryOf({ settings, system, startedAt, figures, windows, certificate, allSettled }) {
  const { apiKey: _apiKey, adminApiKey: _adminApiKey, replicas, ttlMs, ...shown } = settings;
  return {
    schema: SCHEMA,
    startedAt: startedAt.toISOString(),
    system,
    // Of processes that others started these are not known.
    settings: { ...shown, ...(settings.target === 'own' ? { replicas, ttlMs } : {}) },
    figures,
    windows,
    certificate:
      certificate === undefined
        ? null
        : {
            verdict: certificate.verdict,
            violations: certificate.violations.counts,
            groups: certificate.groups,
            acceptedToEffectMs: certificate.waits,
            stock: certificate.stock ?? null,
            notJudged: certificate.notJudged,
          },
    faults: faultsOf({ figures, certificate, allSettled }),
  };
}

/**
 * Why the run proves nothing, or proves the contrary.
 * @param {{ figures: import('./figures.mjs').Figures, certificate: any, allSettled: boolean }} run
 * @returns {string[]}
 */
export function faultsOf({ figures, certificate, allSettled }) {
  const faults = [];
  if (figures.accepted === 0) faults.push('no order was accepted');
  if (!allSettled) faults.push('not every order that was accepted was settled in time');
  if (figures.acceptedTwice > 0)
    faults.push(`${figures.acceptedTwice} orders were answered as new more than once`);
  if (certificate === undefined) faults.push('not judged: there are no logs (LOGS)');
  else if (certificate.verdict !== 'proved')
    faults.push('the verifier does not prove it: see above, and report.html');
  return faults;
}
