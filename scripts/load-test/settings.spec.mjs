import { describe, expect, it, test } from '@jest/globals';
import { loadSettings } from './settings.mjs';

const faultsOf = (env) => {
  try {
    loadSettings(env);
  } catch (error) {
    return error.message.split('\n');
  }
  return [];
};

describe('settings of the load test', () => {
  it('have defaults, and take set to nothing for not set', () => {
    const usual = {
      orders: 10_000,
      rate: undefined,
      connections: 64,
      duplicates: 0,
      replicas: 3,
      target: 'own',
    };
    expect(loadSettings({})).toMatchObject(usual);
    expect(loadSettings({ ORDERS: '', RATE: ' ', TARGET: '', TTL: '' })).toMatchObject(usual);
  });

  it('are read', () => {
    const env = {
      ORDERS: '300',
      RATE: '1500.5',
      CONNECTIONS: '8',
      DUPLICATES: '0.2',
      REPLICAS: '2',
      ITEMS: '5',
      TTL: '900',
    };
    expect(loadSettings(env)).toMatchObject({
      ...{ orders: 300, rate: 1500.5, connections: 8, duplicates: 0.2, replicas: 2, items: 5, ttlMs: 900 },
    });
  });

  test.each([
    ['ORDERS', '0'],
    ['ORDERS', '1.5'],
    ['ORDERS', 'many'],
    ['RATE', '0'],
    ['RATE', '-5'],
    ['RATE', 'fast'],
    ['CONNECTIONS', '0'],
    ['DUPLICATES', '1.1'],
    ['DUPLICATES', '20%'],
    ['REPLICAS', '51'],
    ['ITEMS', '0'],
    ['TTL', '10'],
    ['TIMEOUT', '1'],
    ['RETRIES', '-1'],
    ['SETTLE_SECONDS', '0'],
    ['MAX_WAIT', 'long'],
    ['TARGET', 'localhost:3001'],
    ['TARGET', 'redis://127.0.0.1'],
  ])('%s=%s is refused, and named', (name, value) => {
    expect(faultsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} must be `))]);
  });

  it('are all told at once', () => {
    expect(faultsOf({ ORDERS: 'x', RATE: 'x', DUPLICATES: 'x' })).toHaveLength(3);
  });

  it('refuses what would be ignored', () => {
    expect(faultsOf({ TARGET: 'http://127.0.0.1:1', REPLICAS: '2' })).toEqual([
      expect.stringContaining('REPLICAS'),
    ]);
    expect(faultsOf({ TARGET: 'up', TTL: '900' })).toEqual([expect.stringContaining('TTL')]);
    expect(faultsOf({ LOGS: 'a.log' })).toEqual([expect.stringContaining('LOGS')]);
    expect(faultsOf({ TARGET: 'compose', INVENTORY_URL: 'http://127.0.0.1:1' })).toEqual([
      expect.stringContaining('INVENTORY_URL'),
    ]);
  });
});
