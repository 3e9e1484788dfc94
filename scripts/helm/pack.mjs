// @ts-check
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import { CONTAINS, HELM_DIRECTORY } from './charts.mjs';
import { tarball } from './tar.mjs';

/**
 * The packed charts that a chart carries in its charts/, made from the folders beside it. They are committed, so that a
 * checkout installs without `helm dependency build`; a test compares them with the folders.
 * @param {string} chart
 * @returns {Promise<Map<string, Buffer>>} by path within helm/
 */
export async function packedSubcharts(chart) {
  /** @type {Map<string, Buffer>} */
  const packed = new Map();
  for (const part of CONTAINS[chart] ?? []) {
    const { name, version } = parse(await readFile(join(HELM_DIRECTORY, part, 'Chart.yaml'), 'utf8'));
    packed.set(`${chart}/charts/${name}-${version}.tgz`, await packChart(part));
  }
  return packed;
}

/** @param {string} chart folder below helm/ */
export async function packChart(chart) {
  const root = join(HELM_DIRECTORY, chart);
  const { name } = parse(await readFile(join(root, 'Chart.yaml'), 'utf8'));
  /** @type {Map<string, Buffer>} */
  const files = new Map();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const inside = relative(root, path).replaceAll('\\', '/');
    // What is packed inside comes from its folder too, and not from what was packed before.
    if (!entry.isFile() || inside.startsWith('charts/')) continue;
    files.set(`${name}/${inside}`, await readFile(path));
  }
  for (const [path, content] of await packedSubcharts(chart)) {
    files.set(`${name}/${path.slice(chart.length + 1)}`, content);
  }
  return tarball(files);
}

/** @param {string} chart */
export async function makeChartsFolder(chart) {
  await mkdir(join(HELM_DIRECTORY, chart, 'charts'), { recursive: true });
}
