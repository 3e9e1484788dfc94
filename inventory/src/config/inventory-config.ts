import {
  commonSettings,
  crossCheckCommon,
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
export const inventorySettings = (defaultPodName: string) => ({
  PORT: integer({ from: 0, to: 65_535, fallback: '3002', meaning: 'Port to listen on; 0 takes a free one.' }),
  ...commonSettings(defaultPodName),
  GROUP: name({
    longest: 40,
    fallback: 'inventory',
    meaning: 'Consumer group that hears orders; its replicas share them.',
  }),
  ADMIN_API_KEY: text({
    secret: true,
    meaning:
      'Key that PUT /stock, POST /inbox and redrive ask for, as bearer token or `x-api-key`; without it anybody may.',
  }),
  DD_SERVICE: text({ fallback: 'inventory', meaning: '`service` of logs, metrics and traces.' }),
});

export type InventoryConfig = ConfigOf<ReturnType<typeof inventorySettings>>;

/** @throws ConfigError with all faults */
export function readInventoryConfig(environment: Environment, defaultPodName: string): InventoryConfig {
  return readConfig(inventorySettings(defaultPodName), environment, crossCheckCommon);
}
