export { Publisher } from '@onlyonce/core';
export { GuaranteeService } from './guarantee/guarantee.service.js';
export {
  ProcessOnce,
  type ProcessOnceDecorator,
  type ProcessOnceOptions,
} from './handlers/process-once.decorator.js';
export { OnlyonceHealth, type HealthReport } from './health/onlyonce-health.js';
export { Inbox } from './inbox/inbox.js';
export { combineTelemetry } from './observability/combine-telemetry.js';
export {
  logEvents,
  lineHead,
  lineTrace,
  type LogEventDefinition,
  type LogEventName,
  type LogField,
} from './observability/log-vocabulary.js';
export { createLogger, type LoggerOptions } from './observability/logger.js';
export { messageLogger } from './observability/message-logger.js';
export {
  metricDefinitions,
  type LabelsOf,
  type MetricDefinition,
  type MetricLabel,
  type MetricName,
} from './observability/metric-definitions.js';
export { MetricsTelemetry } from './observability/metrics-telemetry.js';
export { NestPinoLogger } from './observability/nest-pino-logger.js';
export { PinoTelemetry } from './observability/pino-telemetry.js';
export { OnlyonceModule } from './onlyonce.module.js';
export type {
  ConsumerSettings,
  GuaranteeOptions,
  MessageLogIds,
  OnlyonceOptions,
} from './onlyonce.options.js';
export { OnlyonceOpsModule } from './ops/ops.module.js';
export type { OnlyonceOpsOptions } from './ops/ops.options.js';
export { loadTracer, type TracingOptions } from './tracing/load-tracer.js';
