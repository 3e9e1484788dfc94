import { expect, test } from '@jest/globals';
import { parseInfo, productOf } from './info-sections.js';

test('fields are read from all sections, with colons in their values', () => {
  const info = parseInfo(
    '# Server\r\nredis_version:8.0.2\r\nexecutable:/a:b\r\n\r\n# Replication\r\nrole:master\r\n',
  );
  expect([...info]).toEqual([
    ['redis_version', '8.0.2'],
    ['executable', '/a:b'],
    ['role', 'master'],
  ]);
});

test.each([
  ['redis_version:7.0.15', { product: 'redis', version: '7.0.15' }],
  ['redis_version:7.2.4\nserver_name:valkey\nvalkey_version:8.1.0', { product: 'valkey', version: '8.1.0' }],
  ['redis_version:7.4.0\ndragonfly_version:df-v1.2', { product: 'dragonfly', version: '7.4.0' }],
  ['', { product: 'redis', version: '' }],
])('%j says what the server is', (text, product) => {
  expect(productOf(parseInfo(text))).toEqual(product);
});
