// Writes generated/ anew: what is no longer made is removed.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './generated-files.ts';

const root = fileURLToPath(new URL('../generated/', import.meta.url));
rmSync(root, { recursive: true, force: true });
for (const [path, content] of generatedFiles()) {
  mkdirSync(dirname(`${root}${path}`), { recursive: true });
  writeFileSync(`${root}${path}`, content);
}
