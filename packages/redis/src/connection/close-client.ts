import { withDeadline } from '../call-deadline.js';
import type { RedisClient } from './redis-client.js';

const CLOSED_WITHIN_MS = 1_000;

/** Closes a client and waits until its sockets are closed. Calls under way fail. Only for who opened it. */
export async function closeClient(client: RedisClient): Promise<void> {
  const { status } = client;
  if (status === 'end') return;
  const ended = new Promise<void>((resolve) => {
    client.once('end', resolve);
  });
  client.disconnect();
  // Between two attempts to connect there is no socket, and the driver never says "end" (ioredis 6.0.0).
  if (status === 'reconnecting') return;
  await withDeadline(ended, CLOSED_WITHIN_MS, 'closing').catch(() => {
    // A resolver or a sentinel that does not answer can hold it; the driver lets go of the socket by itself.
  });
}
