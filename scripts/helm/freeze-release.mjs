// @ts-check
// Keeps the umbrella chart as it is now for the upgrade tests: run it when a version is released.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { HELM_DIRECTORY } from './charts.mjs';
import { packChart } from './pack.mjs';

const { version } = parse(await readFile(join(HELM_DIRECTORY, 'onlyonce/Chart.yaml'), 'utf8'));
const directory = join(HELM_DIRECTORY, 'test/released');
await mkdir(directory, { recursive: true });
await writeFile(join(directory, `onlyonce-${version}.tgz`), await packChart('onlyonce'));
