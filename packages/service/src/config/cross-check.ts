import type { commonSettings } from './common-settings.js';
import type { ConfigOf } from './read-config.js';

export type CommonConfig = ConfigOf<ReturnType<typeof commonSettings>>;

const KEYS_OF_RECORDS: readonly string[] = ['order', 'idem', 'stock'];

/** Faults between settings that are right one by one. */
export function crossCheckCommon(config: CommonConfig): string[] {
  const faults: string[] = [];
  if (config.channel === config.resultsChannel) {
    faults.push('RESULTS_CHANNEL must differ from CHANNEL, or services would hear their own answers');
  }
  for (const [variable, channel] of [
    ['CHANNEL', config.channel],
    ['RESULTS_CHANNEL', config.resultsChannel],
  ] as const) {
    if (KEYS_OF_RECORDS.includes(channel)) {
      faults.push(
        `${variable} must not be ${channel}: keys that begin with this name hold records of the services`,
      );
    }
  }
  if (config.redisPassword !== undefined && config.redisPasswordFile !== undefined) {
    faults.push('REDIS_PASSWORD and REDIS_PASSWORD_FILE must not both be set');
  }
  if ((config.redisTlsCertFile === undefined) !== (config.redisTlsKeyFile === undefined)) {
    faults.push('REDIS_TLS_CERT_FILE and REDIS_TLS_KEY_FILE must be set together');
  }
  if (usesTlsFiles(config) && !config.redisUrl.startsWith('rediss')) {
    faults.push('REDIS_URL must begin with rediss when REDIS_TLS_ files are set');
  }
  if (config.retryMaxDelayMs < config.retryBaseDelayMs) {
    faults.push(
      `RETRY_MAX_DELAY_MS (milliseconds) must not be less than RETRY_BASE_DELAY_MS: ` +
        `${config.retryMaxDelayMs} < ${config.retryBaseDelayMs}`,
    );
  }
  if (config.handlerDelayMs >= config.handlerTimeoutMs) {
    faults.push(
      `HANDLER_TIMEOUT_MS (milliseconds) must be more than HANDLER_DELAY_MS, or no message would ever be processed: ` +
        `${config.handlerTimeoutMs} <= ${config.handlerDelayMs}`,
    );
  }
  // An owner that reports nothing for a whole lock is replaced; a timeout shorter than that could never be told apart.
  if (config.handlerTimeoutMs < config.lockTtlMs) {
    faults.push(
      `HANDLER_TIMEOUT_MS (milliseconds) must be at least LOCK_TTL_MS: ${config.handlerTimeoutMs} < ${config.lockTtlMs}`,
    );
  }
  if (config.maxInFlight !== undefined && config.maxInFlight < config.concurrency) {
    faults.push(`MAX_IN_FLIGHT must be at least CONCURRENCY: ${config.maxInFlight} < ${config.concurrency}`);
  }
  if (config.durability === 'replicated' && config.waitReplicas === 0) {
    faults.push('WAIT_REPLICAS must be at least 1 when DURABILITY is replicated');
  }
  if (config.dogstatsdEnabled && !config.ddTraceEnabled) {
    faults.push('DD_TRACE_ENABLED must be true when DOGSTATSD_ENABLED is: dd-trace sends the metrics');
  }
  return faults;
}

function usesTlsFiles({ redisTlsCaFile, redisTlsCertFile, redisTlsKeyFile }: CommonConfig): boolean {
  return [redisTlsCaFile, redisTlsCertFile, redisTlsKeyFile].some((file) => file !== undefined);
}
