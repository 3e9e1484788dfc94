// Writes generated/ anew (or the folder given): what is no longer made is removed.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './generated-files.ts';

const root = process.argv[2] ?? fileURLToPath(new URL('../generated/', import.meta.url));
rmSync(root, { recursive: true, force: true });
for (const [path, content] of generatedFiles()) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
