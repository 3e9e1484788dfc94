import { describe, expect, it } from '@jest/globals';
import { noTracer } from '@onlyonce/core';
import { loadTracer } from './load-tracer.js';
import { sinkOf } from './metrics-sink.js';

describe('loadTracer', () => {
  it('loads nothing when tracing is off: the engine gets a tracer that wraps, reads and sends nothing', async () => {
    const tracer = await loadTracer({
      enabled: false,
      service: 's',
      env: 'e',
      version: '1',
      pushMetrics: true,
    });
    expect(tracer).toBe(noTracer);
    expect(tracer.watching).toBeUndefined();
    expect(sinkOf(tracer)).toBeUndefined();
    expect(tracer.idsOf({ traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01` })).toBeUndefined();
    // dd-trace's mark on the process that has loaded it.
    expect(Object.getOwnPropertySymbols(globalThis)).not.toContain(Symbol.for('dd-trace'));
  });
});
