// @ts-check
import { Publisher } from '@onlyonce/nestjs';
import { noTracer, silentTelemetry, StoreUnavailableError, systemClock, systemRandom } from '@onlyonce/core';
import { openClient, redisBackend, redisConnection } from '@onlyonce/redis';
import { RecipePublisher } from '../../../bench/usual-recipe/index.mjs';

/**
 * How messages leave. `unavailable`: whether it was accepted is unknown, ask again; `full`: it was not, ask again.
 * @typedef {{ publish(id: string, body: object): Promise<string> }} Transport
 */

/**
 * @param {{ redisUrl: string, namespace: string, channel: string, waitReplicas: number, name: string }} settings
 * @returns {Transport}
 */
export function engineTransport({ redisUrl, namespace, channel, waitReplicas, name }) {
  const client = openClient(redisConnection({ url: redisUrl, pod: name }));
  client.on('error', () => undefined);
  const { store } = redisBackend({
    client,
    namespace,
    ...(waitReplicas > 0 ? { durability: 'replicated', waitReplicas } : {}),
  });
  const deps = {
    store,
    clock: systemClock,
    random: systemRandom,
    telemetry: silentTelemetry,
    tracer: noTracer,
  };
  const publisher = new Publisher(deps);
  return {
    publish: async (id, body) => {
      try {
        return (await publisher.publish(channel, { id, body })).kind;
      } catch (error) {
        if (error instanceof StoreUnavailableError) return 'unavailable';
        const { code } = /** @type {{ code?: string }} */ (error);
        if (code === 'STORE_FULL') return 'full';
        return `error: ${error instanceof Error ? error.message : String(error)}`;
      }
    },
  };
}

/**
 * The usual recipe: what PUBLISH answered is all it ever knows.
 * @param {{ redisUrl: string, namespace: string, channel: string }} settings
 * @returns {Promise<Transport>}
 */
export async function recipeTransport({ redisUrl, namespace, channel }) {
  const publisher = new RecipePublisher({ url: redisUrl });
  await publisher.connect();
  return {
    publish: async (id, body) => {
      try {
        await publisher.publish(`{${namespace}}:${channel}`, { id, ...body });
        return 'accepted';
      } catch {
        return 'unavailable';
      }
    },
  };
}
