import { expect, test } from '@jest/globals';
import { StoreRefusedError } from '@onlyonce/core';
import { requireVersion } from './require-version.js';

test.each([
  ['redis', '7.0.0'],
  ['redis', '8.2.1'],
  ['redis', '10.0.0'],
  ['valkey', '8.0.1'],
  ['valkey', '9.0.0'],
  ['dragonfly', '7.4.0'],
])('%s %s will do', (product, version) => {
  expect(() => {
    requireVersion({ product, version });
  }).not.toThrow();
});

test.each([
  ['redis', '6.2.14'],
  ['valkey', '7.2.8'],
  ['redis', ''],
])('%s %j will not, and the error says what was found and what is needed', (product, version) => {
  const check = (): void => {
    requireVersion({ product, version });
  };
  expect(check).toThrow(StoreRefusedError);
  expect(check).toThrow(`found ${product} ${version || 'of unknown version'}; needed: Redis 7.0`);
});
