// @ts-check
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';

/** @typedef {Record<string, any>} KubernetesObject */

const ROOT = join(import.meta.dirname, '../../..');
const OWN = ['4', '3'].map((major) => join(ROOT, '.tools/helm', major, 'kubectl'));
// No cluster: whatever this machine is logged in to is left alone.
const env = { PATH: process.env['PATH'] ?? '', KUBECONFIG: join(import.meta.dirname, 'no-cluster') };
const run = promisify(execFile);

/** From PATH or from scripts/setup/helm.sh; undefined where there is none. */
export const kubectl = runs('kubectl') ? 'kubectl' : OWN.find((path) => existsSync(path));

if (kubectl === undefined) {
  process.stderr.write(
    'SKIPPED: tests of k8s/ need kubectl on PATH (scripts/setup/helm.sh has it for Linux x64 only)\n',
  );
}

/**
 * What `kubectl apply -k` would apply.
 * @param {string} directory below k8s/
 * @returns {Promise<KubernetesObject[]>}
 */
export async function built(directory) {
  const path = join(ROOT, 'k8s', directory);
  const { stdout } = await run(/** @type {string} */ (kubectl), ['kustomize', path], {
    env,
    maxBuffer: 16 * 1024 * 1024,
  });
  return documents(stdout);
}

/**
 * @param {string} text
 * @returns {KubernetesObject[]}
 */
export function documents(text) {
  // As Kubernetes reads YAML: 0440 is octal.
  return parseAllDocuments(text, { version: '1.1' })
    .map((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS();
    })
    .filter((object) => object !== null);
}

/** @param {string} path */
function runs(path) {
  try {
    execFileSync(path, ['version', '--client'], { env, stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
