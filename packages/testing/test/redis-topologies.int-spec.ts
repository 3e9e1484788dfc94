import { expect, it } from '@jest/globals';
import { eventually } from '../src/eventually.js';
import { inlineCommand } from '../src/redis/inline-command.js';
import { startRedisCluster } from '../src/redis/start-redis-cluster.js';
import { startRedisReplicaSet } from '../src/redis/start-redis-replica-set.js';

it('three masters make a cluster that serves every slot', async () => {
  const cluster = await startRedisCluster();
  try {
    const replies = await Promise.allSettled(
      ['a', 'b', 'c', '{shop}:x'].flatMap((key) =>
        cluster.nodes.map(({ host, port }) => inlineCommand(host, port, `SET ${key} 1`)),
      ),
    );
    expect(replies.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    const refused = replies.flatMap((reply) => (reply.status === 'rejected' ? [String(reply.reason)] : []));
    expect(refused.every((text) => text.includes('MOVED'))).toBe(true);
  } finally {
    await cluster.stop();
  }
});

it('Sentinels promote the replica when the primary dies, and make a follower of it when it comes back', async () => {
  // Longer than a busy machine holds a process up: a second failover, back to the first, is not what is tried here.
  const set = await startRedisReplicaSet({ downAfterMs: 2_000 });
  try {
    const [first, second] = set.nodes;
    if (!first || !second) throw new Error('there are two nodes');
    expect(await set.primary()).toBe(first);
    await inlineCommand(first.host, first.port, 'SET key 1');
    await inlineCommand(first.host, first.port, 'WAIT 1 1000');
    await first.kill();
    await eventually(async () => expect(await set.primary()).toBe(second), { withinMs: 20_000 });
    expect(await inlineCommand(second.host, second.port, 'GET key')).toBe('1');
    await first.start();
    await eventually(
      async () =>
        expect(await inlineCommand(first.host, first.port, 'INFO replication')).toContain('role:slave'),
      { withinMs: 20_000 },
    );
  } finally {
    await set.stop();
  }
});
