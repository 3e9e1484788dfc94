import { register } from 'node:module';
import { noTracer, type Tracer } from '@onlyonce/core';
import { DatadogTracer } from './datadog-tracer.js';

export interface TracingOptions {
  readonly enabled: boolean;
  readonly service: string;
  readonly env: string;
  readonly version: string;
}

/**
 * Loads Datadog's tracer when enabled, and nothing otherwise. Call it before anything else is imported: libraries
 * that are loaded earlier are not traced. Agent address and sampling come from Datadog's own variables (DD_*).
 * @throws what the import threw, when dd-trace is enabled and not installed
 */
export async function loadTracer({ enabled, service, env, version }: TracingOptions): Promise<Tracer> {
  if (!enabled) return noTracer;
  // Without the hook only what is loaded by require() can be instrumented, and Nest 12 is not.
  register('dd-trace/loader-hook.mjs', import.meta.url);
  const { default: datadog } = await import('dd-trace');
  // Our lines carry `dd` themselves, from the span of the message and not from whatever is active.
  datadog.tracer.init({ service, env, version, logInjection: false });
  return new DatadogTracer(datadog.tracer);
}
