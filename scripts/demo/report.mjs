// @ts-check
import { styleText } from 'node:util';
import { table } from './table.mjs';

/**
 * What the demo shows at its end.
 * @param {{
 *   verdict: import('./judge.mjs').Verdict,
 *   witnesses: readonly import('./pod-witness.mjs').PodWitness[],
 *   faults: readonly import('./faults.mjs').Fault[],
 *   seconds: number, open: number,
 * }} run
 */
export function report({ verdict, witnesses, faults, seconds, open }) {
  return [
    '',
    table(
      ['', 'expected', 'found', ''],
      verdict.lines.map(({ what, expected, found }) => [
        what,
        expected,
        found,
        expected === found ? '✓' : '✗',
      ]),
      (row, line) => (row[3] === '✓' ? line : styleText('red', line)),
    ),
    '',
    table(
      [
        'replica',
        'locks won',
        'lost to others',
        'recovered',
        'processed',
        'late results refused',
        'what befell it',
      ],
      witnesses.map(({ pod, wins, losses, recovered, processed, refused }) => {
        const fate = faults.find((fault) => fault.pod === pod.name);
        return [pod.name, wins, losses, recovered, processed.size, refused.size, fate ? told(fate) : ''];
      }),
    ),
    '',
    ...faults.map((fault) => `  ${styleText('bold', fault.pod)} ${fateOfHeld(fault, witnesses)}`),
    `  ${open === 0 ? 'Everything was settled' : `${open} orders were still open`} ${seconds.toFixed(1)} s after the first order.`,
    '',
  ].join('\n');
}

/** @param {import('./faults.mjs').Fault} fault */
function told({ kind, atMs, pausedMs }) {
  const when = `at ${(atMs / 1_000).toFixed(1)} s`;
  return kind === 'killed'
    ? `SIGKILL ${when}`
    : `paused ${when} for ${((pausedMs ?? 0) / 1_000).toFixed(1)} s`;
}

/**
 * @param {import('./faults.mjs').Fault} fault
 * @param {readonly import('./pod-witness.mjs').PodWitness[]} witnesses
 */
function fateOfHeld({ kind, pod, held }, witnesses) {
  const takers = held.filter((id) => witnesses.some(({ takenOver }) => takenOver.get(id) === pod)).length;
  const refused = witnesses.find((witness) => witness.pod.name === pod)?.refused.size ?? 0;
  const holding = `was ${kind} holding ${held.length} messages; ${takers} of them were taken over`;
  return kind === 'killed'
    ? `${holding}.`
    : `${holding}; when it woke, ${refused} results came too late and were refused.`;
}
