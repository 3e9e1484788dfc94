// @ts-check
import { MATRIX } from './matrix.mjs';

/** @typedef {import('./run-phase.mjs').PhaseResult} PhaseResult */

/** This row is done once per right there is. */
const EVERY_RIGHT = 28;

/**
 * @param {import('./plan.mjs').Plan} plan
 * @param {readonly PhaseResult[]} results
 */
export function summaryOf(plan, results) {
  const rows = MATRIX.map(({ row, name, counts, by }) => {
    const wanted = plan.phases.reduce((sum, phase) => sum + (phase.wanted[row] ?? 0), 0);
    const inPlan = plan.phases.some((phase) => phase.wanted[row] !== undefined);
    const done = results.reduce((sum, result) => sum + (result.done.get(row) ?? 0), 0);
    /** @type {Map<string, number>} */
    const reasons = new Map();
    for (const { skipped } of results) {
      for (const [why, times] of skipped.get(row) ?? []) reasons.set(why, (reasons.get(why) ?? 0) + times);
    }
    const skipped = [...reasons.values()].reduce((sum, times) => sum + times, 0);
    const why =
      [...reasons.keys()].join('; ') ||
      (inPlan
        ? ''
        : counts[plan.settings.profile] === 0 && row !== 9
          ? `not in profile ${plan.settings.profile}`
          : 'not asked for');
    return { row, name, by, wanted, done, skipped, why };
  });
  const total = (/** @type {(result: PhaseResult) => number} */ of) =>
    results.reduce((sum, result) => sum + of(result), 0);
  return {
    seed: plan.seed,
    profile: plan.settings.profile,
    recipe: plan.settings.recipe ? 'usual' : 'onlyonce',
    locks: plan.settings.alwaysYes ? 'always-yes' : 'real',
    rows,
    phases: results.map(({ done, skipped: _, ...phase }) => ({
      ...phase,
      faults: [...done.values()].reduce((a, b) => a + b, 0),
    })),
    totals: {
      faults: rows.filter(({ row }) => row !== 9).reduce((sum, { done }) => sum + done, 0),
      duplicates: rows.find(({ row }) => row === 9)?.done ?? 0,
      messages: total(({ messages }) => messages),
      effects: total(({ effects }) => effects),
      rejected: total(({ rejected }) => rejected),
      dead: total(({ dead }) => dead),
      takeovers: total(({ takeovers }) => takeovers),
      stale: total(({ refused }) => refused),
      retries: total(({ retries }) => retries),
      lostAndAcceptedAgain: total(({ lost }) => lost),
      toldTwice: total(({ undone }) => undone),
      worstWaitMs: Math.max(0, ...results.map(({ worstWaitMs }) => worstWaitMs)),
      seconds: total(({ seconds }) => seconds),
    },
    wrongs: [
      ...results.flatMap(({ phase, wrongs }) => wrongs.map((wrong) => `${phase}: ${wrong}`)),
      // What was planned and neither done nor called skipped would be left out in silence.
      ...rows
        .filter(
          ({ by, wanted, done, skipped }) =>
            by !== 'load' && results.length === plan.phases.length && done + skipped < wanted,
        )
        .map(
          ({ row, wanted, done, skipped }) =>
            `row ${row}: ${wanted} wanted, ${done} done, ${skipped} skipped`,
        ),
    ],
  };
}

/** @param {ReturnType<typeof summaryOf>} summary */
export function summaryText({ rows, phases, totals }) {
  const rowTable = table(
    ['row', 'fault', 'wanted', 'done', 'skipped'],
    rows.map(({ row, name, by, wanted, done, skipped, why }) => [
      row,
      name,
      by === 'load' ? '10 %' : row === EVERY_RIGHT ? 'every one' : wanted || '',
      done || '',
      why === '' ? '' : `${skipped || ''} ${why}`.trim(),
    ]),
  );
  const phaseTable = table(
    [
      'phase',
      's',
      'faults',
      'messages',
      'effects',
      'rejected',
      'dead',
      'takeovers',
      'stale',
      'worst wait',
      'lost, resent',
      'wrong',
    ],
    phases.map((phase) => [
      phase.phase,
      phase.seconds,
      phase.faults,
      phase.messages,
      phase.effects,
      phase.rejected,
      phase.dead,
      phase.takeovers,
      phase.refused,
      `${phase.worstWaitMs} ms`,
      phase.lost,
      phase.wrongs.length,
    ]),
  );
  const { faults, messages, effects, takeovers, stale, worstWaitMs, seconds, duplicates } = totals;
  return `${rowTable}\n\n${phaseTable}\n\n${faults} faults and ${duplicates} duplicates in ${seconds} s; ${messages} messages, ${effects} effects, ${takeovers} takeovers, ${stale} stale results refused, worst wait ${worstWaitMs} ms`;
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | number)[])[]} lines
 */
function table(head, lines) {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...lines.map((line) => String(line[at]).length)),
  );
  const spelled = (/** @type {readonly (string | number)[]} */ line) =>
    line
      .map((cell, at) =>
        typeof cell === 'number' ? String(cell).padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [spelled(head), widths.map((width) => '-'.repeat(width)).join('  '), ...lines.map(spelled)].join(
    '\n',
  );
}
