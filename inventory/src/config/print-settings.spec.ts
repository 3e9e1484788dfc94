import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { settingsTable } from '@onlyonce/service/config';
import { inventorySettings } from './inventory-config.js';

describe('the table of settings', () => {
  it('stands in the README as the schema gives it', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    // Mend it with: node inventory/dist/config/print-settings.js
    expect(readme).toContain(settingsTable(inventorySettings('-')));
  });

  it('has a meaning for each, and a unit for each that ends in MS', () => {
    for (const [name, { meaning, unit }] of Object.entries(inventorySettings('-'))) {
      expect(meaning).toMatch(/\.$/);
      if (name.endsWith('_MS')) expect(unit).toBe('milliseconds');
    }
  });
});
