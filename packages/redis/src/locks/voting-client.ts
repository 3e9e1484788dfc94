import type { Client } from 'redlock';
import { withDeadline } from '../call-deadline.js';
import { asError } from '../errors/as-error.js';
import type { RedisClient } from '../connection/redis-client.js';

/**
 * One node as redlock sees it, made so that it always votes in time:
 *
 * - a call that the driver swallows would leave redlock waiting for ever; here it is a vote against;
 * - redlock sends a digest first and the source when the digest is unknown. A release may overtake that second step
 *   and leave a lock nobody holds, so the digest is always "unknown" here, and each operation is one call in order.
 */
export class VotingClient implements Client {
  constructor(
    private readonly client: RedisClient,
    private readonly deadlineMs: number,
  ) {}

  evalsha(): Promise<unknown> {
    return Promise.reject(new Error('NOSCRIPT sent by source'));
  }

  async eval(source: string, keyCount: number, keysAndArgs: (string | number)[]): Promise<unknown> {
    try {
      return await withDeadline(
        this.client.eval(source, keyCount, ...keysAndArgs),
        this.deadlineMs,
        'lock node',
      );
    } catch (error) {
      // Redlock throws out of band, where nobody can catch it, when what it gets is no Error.
      throw asError(error);
    }
  }
}
