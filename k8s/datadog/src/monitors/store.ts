import { metric } from '../queries/metrics.ts';
import { critical, type Alert } from './monitor.ts';

/** The store itself. */
export const storeAlerts: readonly Alert[] = [
  {
    name: 'store-unreachable',
    title: 'pods cannot reach the store',
    type: 'query alert',
    query: `max(last_5m):${metric('max', 'onlyonce_store_available', { by: ['env', 'service', 'pod'] })} < 1`,
    priority: 2,
    means:
      'Pod {{pod.name}} has not reached Redis for 5 minutes. Orders are answered with 503; nothing accepted is lost.',
    todo: [
      'All pods: Redis itself (loading, failover, full disk). One pod: its network policy, node or DNS.',
      '`@event:redis.connection` says what the driver says.',
    ],
    options: critical(1),
  },
  {
    name: 'redis-memory',
    title: 'Redis runs out of memory',
    type: 'query alert',
    query: `avg(last_10m):${metric('max', 'redis.mem.used', { by: ['redis_host'] })} / ${metric('max', 'redis.mem.maxmemory', { by: ['redis_host'] })} > 0.85`,
    priority: 2,
    means:
      'Redis uses more than 85 % of maxmemory. When it is full, orders are refused with 503; nothing accepted is lost.',
    todo: [
      'Is it the backlog (see backlog-depth) or what is remembered (rate x RETENTION x 48 bytes)?',
      'More memory, more consumers, or a shorter RETENTION.',
    ],
    options: critical(0.85, 0.7),
  },
  {
    name: 'slow-commits',
    title: 'the store answers late',
    type: 'query alert',
    query:
      `sum(last_10m):${metric('sum', 'onlyonce_commit_seconds.sum', { by: ['env'], asCount: true })} / ` +
      `${metric('sum', 'onlyonce_commit_seconds.count', { by: ['env'], asCount: true })} > 0.25`,
    priority: 3,
    means: 'A commit takes {{value}} s on average. With appendfsync always each waits for the disk.',
    todo: [
      'The disk: latency and throughput limits of the volume; a rewrite of the append-only file under way (redis.aof.rewrite).',
      'Slow commands of others on the same Redis: SLOWLOG GET.',
    ],
    options: critical(0.25, 0.1),
  },
];
