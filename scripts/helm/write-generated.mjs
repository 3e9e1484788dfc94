// @ts-check
// `make helm-docs`: what the charts have that is made from their values.yaml, and the packed charts within charts.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHARTS, HELM_DIRECTORY } from './charts.mjs';
import { generatedFiles } from './generated.mjs';
import { makeChartsFolder, packedSubcharts } from './pack.mjs';

for (const [path, text] of await generatedFiles()) await writeFile(join(HELM_DIRECTORY, path), text);
// Packed last: the packed charts contain what was just written.
for (const chart of CHARTS) {
  await makeChartsFolder(chart);
  for (const [path, content] of await packedSubcharts(chart)) {
    await writeFile(join(HELM_DIRECTORY, path), content);
  }
}
