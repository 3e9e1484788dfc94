import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commonSettings } from './common-settings.js';
import { crossCheckCommon } from './cross-check.js';
import { ConfigError, readConfig } from './read-config.js';

const read = (environment: Record<string, string>) =>
  readConfig(commonSettings('host-1'), environment, crossCheckCommon);
const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    read(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

describe('the configuration', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'onlyonce-config-'));
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('needs nothing to be set', () => {
    expect(read({})).toMatchObject({
      redisUrl: 'redis://127.0.0.1:6379',
      channel: 'order_updates',
      lockTtlMs: 5_000,
      claimStrategy: 'race',
      handlerDelayMs: 0,
      retention: 7 * 86_400_000,
      requireDurable: false,
      podName: 'host-1',
    });
  });

  it('is frozen', () => {
    expect(Object.isFrozen(read({}))).toBe(true);
  });

  it('takes a variable that is set to nothing for one that is not set', () => {
    expect(read({ HOST: '', POD_NAME: '', DD_ENV: '' })).toEqual(read({}));
  });

  it('names all faults together, with unit and what was given', () => {
    expect(
      faultsOf({
        MAX_CONNECTIONS: '0',
        LOCK_TTL_MS: 'long',
        CLAIM_STRATEGY: 'luck',
        REQUIRE_DURABLE: 'maybe',
        RETENTION: '5',
      }),
    ).toEqual([
      'MAX_CONNECTIONS must be an integer from 1 to 1000000, not "0"',
      'CLAIM_STRATEGY must be one of race, pull, not "luck"',
      'LOCK_TTL_MS (milliseconds) must be an integer from 100 to 3600000, not "long"',
      'RETENTION must be at least 60s, like 90s, 30m, 12h or 7d, or forever, not "5"',
      'REQUIRE_DURABLE must be true or false, not "maybe"',
    ]);
  });

  it('survives whatever is set: a frozen configuration, or faults that each begin with a variable', () => {
    const names = Object.keys(commonSettings('host-1'));
    const odd = fc.constantFrom(
      '-1',
      '1e9',
      'NaN',
      '0x10',
      ' 5 ',
      'true',
      '__proto__',
      '{',
      '\u0000',
      '\u001b[2J',
    );
    const url = fc.constantFrom(
      'redis://',
      'rediss://[::1',
      'redis://a:b@c:99999/x',
      'redis+cluster://,,',
      'file:///x',
    );
    const value = fc.oneof(odd, url, fc.string(), fc.integer().map(String), fc.string({ unit: 'binary' }));
    const environments = fc.dictionary(fc.constantFrom(...names, '__proto__', 'constructor'), value);
    fc.assert(
      fc.property(environments, (environment) => {
        const faults = faultsOf(environment);
        if (faults.length === 0) expect(Object.isFrozen(read(environment))).toBe(true);
        for (const fault of faults) expect(names).toContain(fault.split(' ')[0]);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses metrics for DogStatsD without dd-trace, which sends them', () => {
    expect(faultsOf({ DOGSTATSD_ENABLED: 'true' })).toEqual([
      'DD_TRACE_ENABLED must be true when DOGSTATSD_ENABLED is: dd-trace sends the metrics',
    ]);
    expect(faultsOf({ DOGSTATSD_ENABLED: 'true', DD_TRACE_ENABLED: 'true' })).toEqual([]);
  });

  it('never repeats a secret', () => {
    const faults = faultsOf({
      REDIS_URL: 'http://user:hunter2@host',
      LOCK_NODES: 'redis://:hunter2@a,nonsense-hunter2',
    });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toContain('hunter2');
  });

  it('reads a password from a file, without the line break at its end', () => {
    const file = join(directory, 'password');
    writeFileSync(file, 'hunter2\n');
    expect(read({ REDIS_PASSWORD_FILE: file })).toMatchObject({ redisPasswordFile: 'hunter2' });
    expect(faultsOf({ REDIS_PASSWORD_FILE: join(directory, 'none') })[0]).toContain('ENOENT');
    expect(faultsOf({ REDIS_PASSWORD_FILE: file, REDIS_PASSWORD: 'x' })).toHaveLength(1);
  });

  it('reads a list of lock nodes, and forever', () => {
    const { lockNodes, retention } = read({
      LOCK_NODES: 'redis://a, redis://b,redis://c',
      RETENTION: 'forever',
    });
    expect(lockNodes).toEqual(['redis://a', 'redis://b', 'redis://c']);
    expect(retention).toBe(Number.POSITIVE_INFINITY);
  });

  it.each<[string, Record<string, string>]>([
    ['a channel that hears itself', { CHANNEL: 'x', RESULTS_CHANNEL: 'x' }],
    ['a channel named like the keys of records', { CHANNEL: 'order' }],
    ['a delay that no message outlives', { HANDLER_DELAY_MS: '20000', HANDLER_TIMEOUT_MS: '10000' }],
    ['a timeout within one lock', { LOCK_TTL_MS: '5000', HANDLER_TIMEOUT_MS: '1000' }],
    ['a longest delay below the first', { RETRY_BASE_DELAY_MS: '500', RETRY_MAX_DELAY_MS: '100' }],
    ['less in flight than at work', { CONCURRENCY: '64', MAX_IN_FLIGHT: '8' }],
    ['no replica to wait for', { DURABILITY: 'replicated', WAIT_REPLICAS: '0' }],
    ['TLS files without TLS', { REDIS_TLS_CA_FILE: '/dev/null' }],
  ])('refuses %s, settings that are right one by one', (_, environment) => {
    expect(faultsOf(environment)).toHaveLength(1);
  });

  it('allows a delay longer than a lock: locks are extended', () => {
    expect(faultsOf({ HANDLER_DELAY_MS: '60000', LOCK_TTL_MS: '1000' })).toEqual([]);
  });
});
