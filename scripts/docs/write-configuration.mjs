// @ts-check
// Writes the table of settings into docs/configuration.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { configurationTable } from './configuration-table.mjs';

const page = new URL('../../docs/configuration.md', import.meta.url);
const text = readFileSync(page, 'utf8');
writeFileSync(
  page,
  text.replace(/^\| variable[\s\S]*?\n(?=\n|$(?![\s\S]))/m, () => `${configurationTable()}\n`),
);
