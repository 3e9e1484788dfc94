import { describe, expect, test } from '@jest/globals';
import { InvalidInputError } from '@onlyonce/core';
import { maskedRedisUrl, parseRedisUrl } from './redis-url.js';

describe('parseRedisUrl', () => {
  test('a plain URL names host, port and database', () => {
    expect(parseRedisUrl('redis://cache:6380/3')).toEqual({
      kind: 'single',
      tls: false,
      username: undefined,
      password: undefined,
      hosts: [{ host: 'cache', port: 6380 }],
      db: 3,
    });
  });

  test.each([
    ['redis://localhost', [{ host: 'localhost', port: 6379 }]],
    ['redis://localhost/', [{ host: 'localhost', port: 6379 }]],
    ['redis://[::1]:7000', [{ host: '::1', port: 7000 }]],
    [
      'redis+sentinel://a,b:26380,c/main',
      [
        { host: 'a', port: 26379 },
        { host: 'b', port: 26380 },
        { host: 'c', port: 26379 },
      ],
    ],
    [
      'redis+cluster://n1:7001, n2',
      [
        { host: 'n1', port: 7001 },
        { host: 'n2', port: 6379 },
      ],
    ],
  ])('%s names these hosts', (url, hosts) => {
    expect(parseRedisUrl(url).hosts).toEqual(hosts);
  });

  test.each([
    ['redis://app:s3cret@h', 'app', 's3cret'],
    ['redis://:s3cret@h', undefined, 's3cret'],
    ['redis://s3cret@h', undefined, 's3cret'],
    ['redis://app:p%40ss%2Fword@h', 'app', 'p@ss/word'],
    ['redis://app:p@ss/wo:rd@h:1/0', 'app', 'p@ss/wo:rd'],
    ['rediss+sentinel://app:x@h1,h2/m/2', 'app', 'x'],
  ])('%s carries user and password', (url, username, password) => {
    expect(parseRedisUrl(url)).toMatchObject({ username, password });
  });

  test('a sentinel URL ends in the name of the master and a database', () => {
    expect(parseRedisUrl('rediss+sentinel://h1,h2/orders/2')).toMatchObject({
      kind: 'sentinel',
      tls: true,
      masterName: 'orders',
      db: 2,
    });
  });

  test.each([
    'http://h',
    'redis:/h',
    'redis+other://h',
    'redis://',
    'redis://h1,h2',
    'redis://h:0',
    'redis://h:70000',
    'redis://h:port',
    'redis://h/db',
    'redis://h/0?tls=true',
    'redis://user:%zz@h',
    'redis+cluster://h/1',
    'redis+sentinel://h/m/1/2',
    'redis+sentinel://h/m m',
    '',
  ])('%j is refused and the error names REDIS_URL', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(InvalidInputError);
    expect(() => parseRedisUrl(url)).toThrow(/^REDIS_URL /);
  });

  test.each([
    'redis://app:s3cret@h:70000',
    'redis://:s3cret',
    'redis//app:s3cret@h',
    'redis://u:s3cret%@h',
    's3cret',
  ])('the error about %j does not repeat the password', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(/^(?!.*s3cret)/s);
  });
});

test.each([
  ['redis://h', 'redis://h:6379'],
  ['redis://app:s3cret@h/1', 'redis://app:***@h:6379'],
  ['redis://:s3cret@[::1]', 'redis://:***@[::1]:6379'],
  ['rediss+cluster://s3cret@a,b', 'rediss+cluster://:***@a:6379,b:6379'],
])('%s is logged as %s', (url, masked) => {
  expect(maskedRedisUrl(url)).toBe(masked);
});
