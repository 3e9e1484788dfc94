import type { Tracer as DatadogApi } from 'dd-trace';

/** Asked every few seconds by probes and scrapers: their answers are counted, not traced. */
const UNTRACED_PATHS = [/^\/health\//, '/metrics'];

/**
 * Switches off what dd-trace would trace below us, each unless its own DD_TRACE_<NAME>_ENABLED is true. One call to Redis
 * carries a batch of messages, so a span of it belongs to none of them; an idle pod would send several such traces a
 * second; and the command's text holds bodies, which are shown nowhere.
 */
export function configureIntegrations(datadog: DatadogApi, env: NodeJS.ProcessEnv): void {
  for (const name of ['ioredis', 'net', 'dns'] as const) {
    if (env[`DD_TRACE_${name.toUpperCase()}_ENABLED`] !== 'true') datadog.use(name, false);
  }
  datadog.use('http', { server: { blocklist: UNTRACED_PATHS } });
}
