import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const { packages } = JSON.parse(await readFile(join(import.meta.dirname, '../../package-lock.json'), 'utf8'));

test('the lock file names no registry, so that everybody uses their own', () => {
  const urls = Object.values(packages).map(({ resolved }) => resolved);
  expect(urls.filter((url) => /^https?:/.test(url ?? ''))).toEqual([]);
});

// npm silently leaves out what the registry did not have on the day, and `npm ci` then refuses the lock file.
test('the lock file has the optional packages of every platform', () => {
  const missing = [];
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const name of Object.keys(optionalDependencies)) {
      if (!lookupPath(path).some((folder) => `${folder}${name}` in packages))
        missing.push(`${path} needs ${name}`);
    }
  }
  expect(missing).toEqual([]);
});

/** The node_modules folders in which Node.js looks for what `path` requires, nearest first. */
function lookupPath(path) {
  const folders = [`${path}/node_modules/`];
  for (let at = path.lastIndexOf('node_modules/'); at >= 0; at = path.lastIndexOf('node_modules/', at - 1)) {
    folders.push(path.slice(0, at + 'node_modules/'.length));
    if (at === 0) break;
  }
  return folders;
}
