import { expect, test } from '@jest/globals';
import { Findings } from './findings.mjs';

test('what the store says of 50,000 open messages is written down in no time', () => {
  const findings = new Findings();
  const where = { channel: 'c', group: 'g', detail: '', open: /** @type {const} */ (true) };
  for (let index = 0; index < 50_000; index += 1)
    findings.add({ kind: 'lost', digest: `${index}`, id: `${index}`, ...where });
  const began = performance.now();
  for (const finding of findings.kept) findings.replace(finding, { kind: 'stuck', detail: 'in the backlog' });
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(findings.count('stuck')).toBe(50_000);
});
