// Reads [[model, json], ...] from standard input; writes for each what the official models do not know, and what they
// make of it when it goes through them and back.
import { readFileSync } from 'node:fs';
import { fromJson, toJson, unknownIn, type ModelName } from '../../src/serialize.ts';

export interface Passed {
  readonly unknown: readonly string[];
  readonly again: unknown;
}

const asked = JSON.parse(readFileSync(0, 'utf8')) as readonly [ModelName, unknown][];
const passed = asked.map(([model, json]): Passed => {
  const unknown = unknownIn(json, model);
  // What is not known cannot go back.
  return { unknown, again: unknown.length > 0 ? undefined : toJson(fromJson(json, model), model) };
});
process.stdout.write(JSON.stringify(passed));
