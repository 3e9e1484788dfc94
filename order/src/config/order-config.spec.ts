import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@onlyonce/service/config';
import { readOrderConfig } from './order-config.js';

const read = (environment: Record<string, string>) => readOrderConfig(environment, 'host-1');

describe('the configuration', () => {
  it('needs nothing to be set', () => {
    expect(read({})).toMatchObject({ port: 3001, group: 'order', podName: 'host-1', apiKey: undefined });
  });

  it('is checked as a whole, what all services have included', () => {
    const faulty = { ORDER_RETENTION: '1h', CHANNEL: 'order' };
    expect(() => read(faulty)).toThrow(ConfigError);
    expect(() => read(faulty)).toThrow(/ORDER_RETENTION must be at least RETENTION/);
    expect(() => read(faulty)).toThrow(/CHANNEL must not be order/);
  });

  it('names a wrong port', () => {
    expect(() => read({ PORT: '70000' })).toThrow('PORT must be an integer from 0 to 65535, not "70000"');
  });
});
