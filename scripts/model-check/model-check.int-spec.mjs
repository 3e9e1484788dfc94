import { describe, expect, test } from '@jest/globals';
import { GROUPS } from './checks.mjs';
import { checkModel, missingTools } from './spin.mjs';

const missing = await missingTools();
const toolsAreThere = missing === '' ? describe : describe.skip;
if (missing !== '') console.warn(`model-check: skipped, needs ${missing}`);

/** Seconds in sum. `make model-check` runs all of them. */
const QUICK = new Set([
  'commit ignores the lock',
  'commit ignores handing on',
  'commit ignores the backlog',
  'effect and mark in two steps',
  'token without the clock',
  'no sweep',
  'a sweep that takes nothing',
  'no look at processed ids, nor at the backlog',
  'no look at processed ids, nor at published ones',
  ...GROUPS[2].checks.map(({ name }) => name),
]);
const quick = GROUPS.flatMap(({ checks }) => checks).filter(({ name }) => QUICK.has(name));

toolsAreThere('the model', () => {
  test.each(quick.map((check) => [check.model, check.name, check.expect, check]))(
    '%s: %s: %s',
    async (_model, _name, expected, check) => {
      const { found, history } = await checkModel(check);
      expect(found).toBe(expected);
      expect(history.length > 0).toBe(expected === 'fails');
    },
  );

  test('the usual recipe applies an effect twice although nothing went wrong', async () => {
    const { history } = await checkModel(GROUPS[2].checks[0]);
    const of = (pod) =>
      history.filter((step) => step.startsWith(pod)).map((step) => step.slice(pod.length + 2));
    expect(history[0]).toBe('publisher: PUBLISH');
    expect([of('pod 0'), of('pod 1')]).toContainEqual(['SET NX: won', 'the effect happens', 'DEL']);
    expect([of('pod 0'), of('pod 1')]).toContainEqual(['SET NX: won', 'the effect happens']);
  });
});

test('every quick check is one that exists', () => {
  expect(quick).toHaveLength(QUICK.size);
});
