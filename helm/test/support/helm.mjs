// @ts-check
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from '@jest/globals';
import { parseAllDocuments } from 'yaml';

export const HELM = join(import.meta.dirname, '../..');
const TOOLS = join(HELM, '../.tools/helm');
const run = promisify(execFile);

/** @typedef {{ readonly major: string, readonly path: string }} HelmBinary */
/** @typedef {Record<string, any>} KubernetesObject */

/** Folders of its own, and no cluster: whatever this machine is logged in to is left alone. */
const home = scratch();

/** A folder that is gone when the test file is done. */
export function scratch() {
  const directory = mkdtempSync(join(tmpdir(), 'onlyonce-charts-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
const env = {
  PATH: process.env['PATH'] ?? '',
  // Where what Helm asks of a cluster is kept.
  HOME: home,
  HELM_CACHE_HOME: join(home, 'cache'),
  HELM_CONFIG_HOME: join(home, 'config'),
  HELM_DATA_HOME: join(home, 'data'),
  KUBECONFIG: join(home, 'no-cluster'),
};

/** Helm 4 and 3, as far as they are here: from PATH or from scripts/setup/helm.sh. */
export const helms = ['4', '3'].flatMap((major) => {
  const own = join(TOOLS, major, 'helm');
  const path = majorOf('helm') === major ? 'helm' : existsSync(own) ? own : undefined;
  return path === undefined ? [] : [{ major, path }];
});

// Where the set-up has them, a missing Helm is a broken set-up, and no reason to skip.
if (helms.length === 0 && process.platform === 'linux' && process.arch === 'x64') {
  throw new Error('neither Helm 4 nor 3 is here: make test-setup fetches both');
}
if (helms.length === 0) {
  process.stderr.write(
    'SKIPPED: chart tests need Helm 4 or 3 on PATH (scripts/setup/helm.sh has it for Linux x64 only)\n',
  );
}

/** @param {string} path */
function majorOf(path) {
  try {
    return /^v(\d+)/.exec(
      execFileSync(path, ['version', '--short'], { encoding: 'utf8', env, stdio: 'pipe' }),
    )?.[1];
  } catch {
    return undefined;
  }
}

/** The newest Helm here: for what does not depend on the version. */
export const anyHelm = /** @type {HelmBinary} */ (helms[0]);

/**
 * Runs Helm.
 * @param {HelmBinary} helm @param {readonly string[]} args
 * @returns {Promise<string>} what it prints
 * @throws with what it prints on stderr
 */
export async function runHelm(helm, args) {
  const { stdout } = await run(helm.path, [...args], { cwd: HELM, env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/**
 * Why Helm refuses; undefined when it does not.
 * @param {HelmBinary} helm @param {readonly string[]} args
 */
export async function refusal(helm, args) {
  try {
    await runHelm(helm, args);
    return undefined;
  } catch (error) {
    return String(/** @type {{ stderr?: string }} */ (error).stderr);
  }
}

/**
 * Renders a chart.
 * @param {HelmBinary} helm
 * @param {string} chart folder below helm/
 * @param {readonly string[]} [flags]
 * @returns {Promise<KubernetesObject[]>}
 */
export async function render(helm, chart, flags = []) {
  const text = await runHelm(helm, ['template', 'shop', chart, '--namespace', 'trade', ...flags]);
  return parseAllDocuments(text)
    .map((document) => {
      // Two keys of one name would be an error to kubectl as well.
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS();
    })
    .filter((object) => object !== null);
}

/**
 * @param {readonly KubernetesObject[]} objects
 * @param {string} kind
 * @param {string} [name]
 */
export function only(objects, kind, name) {
  const found = objects.filter((each) => each['kind'] === kind && (!name || each['metadata'].name === name));
  if (found.length !== 1) throw new Error(`${found.length} objects of kind ${kind} ${name ?? ''}, not one`);
  return /** @type {KubernetesObject} */ (found[0]);
}
