import type { Headers, TraceIds } from '@onlyonce/core';

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/;
const DECIMAL = /^[0-9]{1,20}$/;
const UPPER_HALF = /(?:^|,)_dd\.p\.tid=([0-9a-f]{16})(?:,|$)/;
const NO_UPPER_HALF = '0'.repeat(16);

/**
 * The trace of a message as a log line names it, from its headers alone: W3C or Datadog's own. Losers of a race write
 * such lines for each message, so this makes no span context. Whoever can write to the channel can write anything here:
 * what has not the form of an id is not taken.
 */
export function traceIdsFrom(headers: Headers): TraceIds | undefined {
  const [, traceHex, spanHex] = TRACEPARENT.exec(headers['traceparent'] ?? '') ?? [];
  if (traceHex !== undefined && spanHex !== undefined) {
    return { traceId: loggedTraceId(traceHex), spanId: BigInt(`0x${spanHex}`).toString() };
  }
  const trace = headers['x-datadog-trace-id'] ?? '';
  const span = headers['x-datadog-parent-id'] ?? '';
  if (!DECIMAL.test(trace) || !DECIMAL.test(span)) return undefined;
  const upper = UPPER_HALF.exec(headers['x-datadog-tags'] ?? '')?.[1] ?? NO_UPPER_HALF;
  const lower = BigInt.asUintN(64, BigInt(trace)).toString(16).padStart(16, '0');
  return { traceId: loggedTraceId(upper + lower), spanId: span };
}

/** As dd-trace itself writes ids into logs: 128 bits in hexadecimal, or 64 in decimal where there are no more. */
export function loggedTraceId(hex: string): string {
  return hex.startsWith(NO_UPPER_HALF) ? BigInt(`0x${hex}`).toString() : hex;
}
