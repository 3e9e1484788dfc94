import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { loadTracer } from '@onlyonce/nestjs/tracing';
import { podNameOf } from '@onlyonce/service/config';
import { readOrderConfig } from './config/order-config.js';

// Process edge. The tracer must be loaded before what it traces, so everything else is imported after it.
try {
  const config = readOrderConfig(process.env, podNameOf(hostname(), process.pid));
  const version = config.ddVersion ?? packageVersion();
  const { ddTraceEnabled: enabled, ddService: service, ddEnv: env = 'local' } = config;
  const { dogstatsdEnabled: pushMetrics } = config;
  const tracer = await loadTracer({ enabled, service, env, version, pushMetrics });
  const { start } = await import('./start.js');
  await start(config, { service, env, version, tracer });
} catch (error) {
  process.stderr.write(`order cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function packageVersion(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
