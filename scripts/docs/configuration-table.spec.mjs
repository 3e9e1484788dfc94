import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { configurationTable } from './configuration-table.mjs';

test('docs/configuration.md has the table that the services give', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  // Mend it with: node scripts/docs/write-configuration.mjs
  expect(page).toContain(configurationTable());
});

test('the table knows the settings of both services', () => {
  const table = configurationTable();
  expect(table).toMatch(/^\| `PORT` \| both \| order: `3001` inventory: `3002` \|/m);
  expect(table.split('\n').length).toBeGreaterThan(40);
});
