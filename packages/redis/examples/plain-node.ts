// The engine without a framework: publish a payment, and book it once, however many processes run this.
import {
  Consumer,
  consumerOptions,
  noCrashPoints,
  noTracer,
  Publisher,
  silentTelemetry,
  systemClock,
  systemRandom,
} from '@onlyonce/core';
import { openClient, redisBackend, redisConnection } from '@onlyonce/redis';

export async function bookOnce(redisUrl: string, pod: string): Promise<string> {
  const client = openClient(redisConnection({ url: redisUrl, pod }));
  client.on('error', () => undefined); // it reconnects by itself
  const backend = redisBackend({ client, namespace: 'bank' });
  const deps = { clock: systemClock, random: systemRandom, telemetry: silentTelemetry, tracer: noTracer };
  const { store, feed } = backend;

  const booked = Promise.withResolvers<string>();
  const consumer = new Consumer(
    { ...deps, store, feed, crashPoints: noCrashPoints },
    consumerOptions({ channel: 'payments', group: 'ledger', pod }),
    {
      handle: (payment, { tx, messageId }) => {
        const { account, cents } = payment as { account: string; cents: number };
        tx.hash('balances').add(account, cents);
        booked.resolve(messageId);
      },
      log: () => console,
    },
  );
  await consumer.start();

  const publisher = new Publisher({ ...deps, store });
  const payment = { id: 'payment-1', body: { account: 'alice', cents: 500 } };
  const first = await publisher.publish('payments', payment);
  const again = await publisher.publish('payments', payment);
  await booked.promise;

  await consumer.drain(5_000);
  await backend.close();
  client.disconnect();
  return `${first.kind}, ${again.kind}`;
}
