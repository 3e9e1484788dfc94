/**
 * Reads what a verifier made by Spin prints.
 *
 * @param {string} output
 * @returns {{ errors: number, states: number, what: string, complete: boolean }} `complete`: every history was looked at
 * @throws {Error} if it is not such an output
 */
export function readVerdict(output) {
  const errors = /errors: (\d+)/.exec(output);
  const states = /^\s*([\d.e+]+) states, stored/m.exec(output);
  if (!errors || !states) throw new Error(`not the output of a verifier made by Spin:\n${output}`);
  const what = /^pan:\d+: (.+?) \(at depth \d+\)/m.exec(output);
  return {
    errors: Number(errors[1]),
    states: Number(states[1]),
    what: (what?.[1] ?? '').replace(/^assertion violated /, ''),
    complete: !/error: max search depth too small|Search not completed|out of memory/.test(output),
  };
}
