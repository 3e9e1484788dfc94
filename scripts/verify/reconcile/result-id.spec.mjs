import { expect, test } from '@jest/globals';
import { resultOf } from './result-id.mjs';

test.each([
  ['x:inventory:0', { of: 'x', group: 'inventory', diedUnder: undefined }],
  ['a:b:c:inventory:12', { of: 'a:b:c', group: 'inventory', diedUnder: undefined }],
  ['x:inventory:d1795228441001000:0', { of: 'x', group: 'inventory', diedUnder: '1795228441001000' }],
  ['x:inventory:0:order:0', { of: 'x:inventory:0', group: 'order', diedUnder: undefined }],
  ['x:inventory:d7:0:order:d9:1', { of: 'x:inventory:d7:0', group: 'order', diedUnder: '9' }],
  ['a\nb:inventory:0', { of: 'a\nb', group: 'inventory', diedUnder: undefined }],
])('%j tells of another message', (id, result) => {
  expect(resultOf(id)).toEqual(result);
});

test.each(['x', 'x:0', 'x:inventory:', 'x:inventory:d7', ':inventory:0'])('%j does not', (id) => {
  expect(resultOf(id)).toBeUndefined();
});
