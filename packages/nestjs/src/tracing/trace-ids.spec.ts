import { describe, expect, it } from '@jest/globals';
import { traceIdsFrom } from './trace-ids.js';

const UPPER = '6740f1c400000000';
const LOWER = '00000000000000ff';

describe('traceIdsFrom', () => {
  it('reads W3C headers: 128 bits in hexadecimal, the span in decimal', () => {
    const traceparent = `00-${UPPER}${LOWER}-ffffffffffffffff-01`;
    expect(traceIdsFrom({ traceparent })).toEqual({ traceId: UPPER + LOWER, spanId: '18446744073709551615' });
  });

  it("reads Datadog's headers, the upper half from its tags, to the same", () => {
    const headers = {
      'x-datadog-trace-id': '255',
      'x-datadog-parent-id': '18446744073709551615',
      'x-datadog-tags': `_dd.p.dm=-1,_dd.p.tid=${UPPER}`,
    };
    expect(traceIdsFrom(headers)).toEqual({ traceId: UPPER + LOWER, spanId: '18446744073709551615' });
  });

  it('a trace of 64 bits is written in decimal, from either', () => {
    const ids = { traceId: '255', spanId: '1' };
    expect(traceIdsFrom({ 'x-datadog-trace-id': '255', 'x-datadog-parent-id': '1' })).toEqual(ids);
    expect(traceIdsFrom({ traceparent: `00-${'0'.repeat(16)}${LOWER}-0000000000000001-00` })).toEqual(ids);
  });

  it.each([
    ['nothing', {}],
    ['a traceparent of another shape', { traceparent: '00-xyz-1-01' }],
    ['a control character', { 'x-datadog-trace-id': '1\n2', 'x-datadog-parent-id': '1' }],
    ['a trace without a span', { 'x-datadog-trace-id': '255' }],
    ['a very long number', { 'x-datadog-trace-id': '9'.repeat(10_000), 'x-datadog-parent-id': '1' }],
  ])('takes nothing from %s', (_what, headers: Record<string, string>) => {
    expect(traceIdsFrom(headers)).toBeUndefined();
  });
});
