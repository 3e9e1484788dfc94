import { noTracer, type Tracer } from '@onlyonce/core';
import { DatadogTracer } from './datadog-tracer.js';
import { configureIntegrations } from './integrations.js';

export interface TracingOptions {
  readonly enabled: boolean;
  readonly service: string;
  readonly env: string;
  readonly version: string;
  /** Sends the metrics to DogStatsD as well, for where nothing scrapes them. Default false. */
  readonly pushMetrics?: boolean;
}

/**
 * Loads Datadog's tracer when enabled, and nothing otherwise. Call it before anything else is imported: libraries
 * that are loaded earlier are not traced. Agent address and sampling come from Datadog's own variables (DD_*).
 * @throws what the import threw, when tracing is enabled and dd-trace is not installed
 */
export async function loadTracer(options: TracingOptions): Promise<Tracer> {
  const { enabled, service, env, version, pushMetrics = false } = options;
  if (!enabled) return noTracer;
  // First the loader's hook: without it only what is loaded by require() is traced, and Nest 12 is not.
  await import('dd-trace/register.js');
  const { default: datadog } = await import('dd-trace');
  // Our lines carry `dd` themselves: from the span of the message, not from whatever is active. And standard output
  // is for JSON lines, not for the tracer's greeting.
  datadog.init({ service, env, version, logInjection: false, startupLogs: false });
  configureIntegrations(datadog, process.env);
  if (!pushMetrics) return new DatadogTracer(datadog);
  const { dogstatsd } = datadog;
  return new DatadogTracer(datadog, {
    count: (name, more, tags) => {
      dogstatsd.increment(name, more, { ...tags });
    },
    gauge: (name, value, tags) => {
      dogstatsd.gauge(name, value, { ...tags });
    },
  });
}
