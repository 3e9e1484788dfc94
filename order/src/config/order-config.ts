import {
  commonSettings,
  crossCheckCommon,
  duration,
  integer,
  name,
  readConfig,
  text,
  type ConfigOf,
  type Environment,
} from '@onlyonce/service/config';

/**
 * The longest group name leaves room in message ids (200 characters), which are derived from order id (128), group
 * and fencing token.
 */
export const orderSettings = (defaultPodName: string) => ({
  PORT: integer({ from: 0, to: 65_535, fallback: '3001', meaning: 'Port to listen on; 0 takes a free one.' }),
  ...commonSettings(defaultPodName),
  GROUP: name({ longest: 40, fallback: 'order', meaning: 'Consumer group that hears the results.' }),
  ORDER_RETENTION: duration({
    fallback: 'forever',
    meaning: 'How long the record of an order is kept after its last change; at least RETENTION.',
  }),
  API_KEY: text({
    secret: true,
    meaning: 'Key that POST /orders asks for, as bearer token or `x-api-key`; without it anybody may order.',
  }),
  DD_SERVICE: text({ fallback: 'order', meaning: '`service` of logs, metrics and traces.' }),
});

export type OrderConfig = ConfigOf<ReturnType<typeof orderSettings>>;

/** @throws ConfigError with all faults */
export function readOrderConfig(environment: Environment, defaultPodName: string): OrderConfig {
  return readConfig(orderSettings(defaultPodName), environment, (config) => {
    const faults = crossCheckCommon(config);
    if (config.orderRetention < config.retention) {
      faults.push('ORDER_RETENTION must be at least RETENTION, or a repeated order would find no status');
    }
    return faults;
  });
}
