/**
 * What the processes of a model say of themselves while Spin replays a counter-example.
 *
 * @param {string} replay output of `spin -t -T`
 * @returns {string[]} e.g. `pod 1: wins message 0, token 2`
 */
export function counterExample(replay) {
  return replay
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^(pod \d+|publisher|time|redis): /.test(line) || line.includes('START OF CYCLE'));
}
