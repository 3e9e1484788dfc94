import { StoreUnavailableError } from '@onlyonce/core';
import { withDeadline } from '../call-deadline.js';
import { owningNode } from '../connection/owning-node.js';
import type { RedisClient } from '../connection/redis-client.js';
import { translateError } from '../errors/translate-error.js';
import { parseInfo, productOf } from './info-sections.js';

const ANSWER_WITHIN_MS = 2_000;

/**
 * Asks what server answers, to judge by `requireVersion`.
 * @throws StoreUnavailableError when it cannot be asked now, StoreRefusedError when the user may not use INFO
 */
export async function readServer(
  client: RedisClient,
  namespace: string,
): Promise<{ product: string; version: string }> {
  const node = owningNode(client, namespace);
  if (node === undefined)
    throw new StoreUnavailableError('the cluster node of the namespace is not known yet');
  try {
    return productOf(parseInfo(await withDeadline(node.info('server'), ANSWER_WITHIN_MS, 'INFO server')));
  } catch (error) {
    throw translateError(error, 'INFO server');
  }
}
