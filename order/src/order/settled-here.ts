import { silentTelemetry, type Telemetry } from '@onlyonce/core';
import type { OrderWatch } from './order-watch.js';

/**
 * Tells those who wait for an order that this pod has just settled it: they need not wait for the next poll. The
 * engine derives an event's id from the order's: `<order id>:<group>:<n>`, or `<order id>:<group>:<death>:<n>`.
 */
export function settledHere(watch: OrderWatch, resultsChannel: string): Telemetry {
  return {
    ...silentTelemetry,
    message: ({ event, channel, messageId }) => {
      if (event !== 'message.processed' || channel !== resultsChannel || watch.size === 0) return;
      // Order ids may hold colons themselves; of the two readings at most one is waited for.
      const parts = messageId.split(':');
      watch.nudge(parts.slice(0, -2).join(':'));
      watch.nudge(parts.slice(0, -3).join(':'));
    },
  };
}
