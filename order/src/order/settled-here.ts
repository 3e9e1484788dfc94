import { silentTelemetry, type Telemetry } from '@onlyonce/core';
import type { OrderWatch } from './order-watch.js';

/** `<order id>:<group>:<n>`, the id of an event that the engine derives from the order's message. */
const EVENT_ID = /^(.+):[^:]+:[^:]+$/su;

/** Tells those who wait for an order that this pod has just settled it: they need not wait for the next poll. */
export function settledHere(watch: OrderWatch, resultsChannel: string): Telemetry {
  return {
    ...silentTelemetry,
    message: ({ event, channel, messageId }) => {
      if (event !== 'message.processed' || channel !== resultsChannel || watch.size === 0) return;
      const orderId = EVENT_ID.exec(messageId)?.[1];
      if (orderId !== undefined) watch.nudge(orderId);
    },
  };
}
