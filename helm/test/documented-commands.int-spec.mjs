import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { helms, HELM } from './support/helm.mjs';

const run = promisify(execFile);
const ROOT = join(HELM, '..');
const PAGES = [
  'docs/helm.md',
  'helm/onlyonce/README.md',
  'helm/order/README.md',
  'helm/inventory/README.md',
  'helm/redis/README.md',
];

/** Every `helm install` in a code block, lines that go on joined. */
function installsOf(page) {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll('\\\n', ' ');
  return [...text.matchAll(/^helm install (.*)$/gm)].map(([, rest]) =>
    rest.replace(/--create-namespace|--wait/g, ''),
  );
}

const withHelm = helms.length > 0 ? describe : describe.skip;

withHelm.each(helms)('what the pages tell people to type, to Helm $major', ({ path }) => {
  it.each(PAGES.flatMap((page) => installsOf(page).map((command) => [page, command])))(
    '%s: helm install %s',
    async (_, command) => {
      const binary = path === 'helm' ? path : resolve(path);
      // Through a shell, as people type it: quotes and backslashes are part of what is tried.
      const { stdout } = await run('sh', ['-c', `"${binary}" template ${command}`], { cwd: ROOT });
      expect(stdout).toContain('app.kubernetes.io/part-of: onlyonce');
    },
  );

  it('are there at all', () => {
    expect(PAGES.map((page) => installsOf(page).length)).toEqual([2, 2, 2, 2, 1]);
  });
});
