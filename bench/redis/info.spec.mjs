import { describe, expect, it } from '@jest/globals';
import { parseInfo, perMessage } from './info.mjs';

const info = ({ cpu = '1.5', calls = 10, hlen = 5 } = {}) =>
  [
    '# Server',
    'redis_version:7.0.15',
    'used_memory:1000000',
    'total_net_input_bytes:500',
    'total_net_output_bytes:2000',
    `used_cpu_sys:0.5`,
    `used_cpu_user:${cpu}`,
    `cmdstat_xadd:calls=${calls},usec=100,usec_per_call=10.00,rejected_calls=0,failed_calls=0`,
    `cmdstat_hlen:calls=${hlen},usec=5,usec_per_call=1.00,rejected_calls=0,failed_calls=0`,
    'cmdstat_config|get:calls=1,usec=5,usec_per_call=5.00,rejected_calls=0,failed_calls=0',
  ].join('\r\n');

describe('parseInfo', () => {
  it('reads CPU, bytes and calls by command, without what the benchmark itself asks', () => {
    expect(parseInfo(info())).toMatchObject({
      cpuSeconds: 2,
      outputBytes: 2_000,
      inputBytes: 500,
      version: '7.0.15',
      calls: { xadd: 10, 'config|get': 1 },
    });
    expect(parseInfo(info()).calls).not.toHaveProperty('hlen');
  });

  it('says which figure is missing', () => {
    expect(() => parseInfo('redis_version:7')).toThrow('INFO says nothing of used_cpu_sys');
  });
});

describe('perMessage', () => {
  it('divides what was spent between two moments by the messages', () => {
    const before = parseInfo(info());
    const after = parseInfo(info({ cpu: '2.5', calls: 210, hlen: 500 }));
    expect(perMessage(before, after, 100)).toMatchObject({
      redisCpuUs: 10_000,
      redisCommands: 2,
      outputBytes: 0,
      commands: { xadd: 2 },
    });
  });
});
