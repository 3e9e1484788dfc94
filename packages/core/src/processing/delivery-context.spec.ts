import { describe, expect, test } from '@jest/globals';
import { messageId, type EntryId, type FencingToken } from '../ids.js';
import { TransactionRecorder } from '../handling/transaction.js';
import type { MessageLog } from '../handling/handler.js';
import { consumerOptions } from './consumer-options.js';
import { Delivery } from './delivery.js';
import { DeliveryContext } from './delivery-context.js';

const options = consumerOptions({ channel: 'orders', group: 'stock', pod: 'pod-1' });
const nowhere = (): undefined => undefined;

function delivery(): Delivery {
  const envelope = { id: messageId('order-1'), entryId: '1-0' as EntryId, headers: {}, body: '{}' };
  return new Delivery(envelope, { fence: '7' as FencingToken, nonce: 'n', pod: 'pod-1' }, 5_000, 0, 4_750);
}

function contextOf(of: Delivery, makeLog = (): MessageLog => ({ ...silent })): DeliveryContext {
  return new DeliveryContext(options, of, new TransactionRecorder('order-1:stock', {}, '7'), makeLog);
}

const silent: MessageLog = { debug: nowhere, info: nowhere, warn: nowhere, error: nowhere };

describe('DeliveryContext', () => {
  test('a signal first looked at after the lock was lost is aborted, and tells why', () => {
    const lost = delivery();
    const context = contextOf(lost);
    const reason = new Error('lost');
    lost.controller.abort(reason);
    expect(context.signal.aborted).toBe(true);
    expect(context.signal.reason).toBe(reason);
  });

  test('a signal looked at before is the one that is aborted later', () => {
    const held = delivery();
    const { signal } = contextOf(held);
    expect(signal.aborted).toBe(false);
    held.controller.abort();
    expect(signal.aborted).toBe(true);
  });

  test('one logger for all lines of a message', () => {
    const context = contextOf(delivery());
    expect(context.log).toBe(context.log);
  });
});
