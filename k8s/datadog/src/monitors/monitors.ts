import type { v1 } from '@datadog/datadog-api-client';
import { flowAlerts } from './flow.ts';
import { guaranteeAlerts } from './guarantee.ts';
import { monitorOf } from './monitor.ts';
import { storeAlerts } from './store.ts';

export const alerts = [...guaranteeAlerts, ...flowAlerts, ...storeAlerts];

/** By the name of the alert. */
export const monitors: ReadonlyMap<string, v1.Monitor> = new Map(
  alerts.map((alert) => [alert.name, monitorOf(alert)]),
);
