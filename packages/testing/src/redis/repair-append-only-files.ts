import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Rule F1: cut a torn tail off before the server sees it, at the transaction's start and not inside it. */
export async function repairAppendOnlyFiles(directory: string): Promise<void> {
  const appendOnlyDirectory = join(directory, 'appendonlydir');
  const files = await readdir(appendOnlyDirectory).catch(() => []);
  const manifest = files.find((name) => name.endsWith('.manifest'));
  if (manifest) await repair(join(appendOnlyDirectory, manifest));
}

function repair(manifest: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = execFile('redis-check-aof', ['--fix', manifest], (error, stdout) => {
      if (error) reject(new Error(`redis-check-aof could not repair: ${stdout}`, { cause: error }));
      else resolve();
    });
    check.stdin?.end('y\n');
  });
}
