import { afterEach, describe, expect, it } from '@jest/globals';
import { startRedisCluster, startRedisReplicaSet } from '@onlyonce/testing';
import { ServiceProcess } from '@onlyonce/service/test-support';

const address = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host}:${port}`;

describe('both services', () => {
  const started: { stop(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const thing of started.splice(0).reverse()) await thing.stop();
  });

  const start = async (
    service: 'order' | 'inventory',
    env: Record<string, string>,
  ): Promise<ServiceProcess> => {
    const running = await ServiceProcess.ready(service, env);
    started.push({ stop: () => running.kill() });
    return running;
  };

  const settlesAnOrder = async (env: Record<string, string>): Promise<void> => {
    const [order, inventory] = await Promise.all([start('order', env), start('inventory', env)]);
    await inventory.send('PUT', '/stock/sku', { quantity: 5 });
    expect(
      (await order.send('POST', '/orders', { orderId: 'o', items: [{ id: 'sku', quantity: 2 }] })).status,
    ).toBe(202);
    expect(await (await order.get('/orders/o?wait=20s')).json()).toMatchObject({ status: 'CONFIRMED' });
    expect(await (await inventory.get('/stock')).json()).toEqual({ items: [{ id: 'sku', available: 3 }] });
    const again = await order.send('POST', '/orders', { orderId: 'o', items: [{ id: 'sku', quantity: 2 }] });
    expect(await again.json()).toMatchObject({ duplicate: true, status: 'CONFIRMED' });
  };

  it('work on a Redis Cluster', async () => {
    const cluster = await startRedisCluster();
    started.push(cluster);
    await settlesAnOrder({ REDIS_URL: `redis+cluster://${cluster.nodes.map(address).join(',')}` });
  });

  it('work behind Sentinel, each order on a replica before it counts as accepted', async () => {
    const set = await startRedisReplicaSet();
    started.push(set);
    const url = `redis+sentinel://${set.sentinels.map(address).join(',')}/${set.name}`;
    await settlesAnOrder({ REDIS_URL: url, DURABILITY: 'replicated', WAIT_REPLICAS: '1' });
  });
});
