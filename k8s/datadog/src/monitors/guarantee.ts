import { at, alert, EFFECTS, events } from '../queries/logs.ts';
import { metric } from '../queries/metrics.ts';
import { critical, type Alert } from './monitor.ts';

/** What would mean that the promise is broken, or stands on less than was asked for. */
export const guaranteeAlerts: readonly Alert[] = [
  {
    name: 'duplicate-effect',
    title: 'a message took effect more than once',
    type: 'log alert',
    query: alert({
      search: EFFECTS,
      compute: { of: 'effect', as: 'cardinality' },
      by: ['env', at('group'), at('messageId')],
      last: '4h',
      above: 1,
    }),
    priority: 1,
    means:
      'Two different effect lines of message {{@messageId.name}} in group {{@group.name}}: what must never happen.',
    todo: [
      'Keep the evidence: save the lines of this messageId, and do not restart Redis.',
      "Run the certificate over the time: `make verify LOGS=...` or `onlyonce-verify --datadog 'service:(order OR inventory)' --from ... --to ...`, with --redis-url; it decides.",
      'If it says `duplicated`: compare fencingToken and pod of the lines, and whether Redis lost history (failover, torn file).',
    ],
    options: critical(1),
  },
  {
    name: 'guarantee-weakened',
    title: 'accepted messages can be lost',
    type: 'query alert',
    query: `max(last_5m):${metric('max', 'onlyonce_guarantee_weaknesses', { by: ['env', 'service'] })} > 0`,
    priority: 1,
    means:
      'The store can no longer keep what it accepts through a crash ({{service.name}}). Effects stay exactly-once on the history that survives.',
    todo: [
      'Read which: `GET /guarantee` of any pod, or the log line `@event:guarantee` (field weaknesses); each sentence says what to set.',
      'Set it in Redis (appendonly, appendfsync, maxmemory-policy, replicas); within a minute the pods judge anew.',
    ],
    options: critical(0),
  },
  {
    name: 'redis-evicts',
    title: 'Redis evicts keys',
    type: 'query alert',
    query: `max(last_10m):${metric('max', 'redis.keys.evicted', { by: ['redis_host'] })} > 0`,
    priority: 1,
    means:
      'Redis has thrown keys away to make room. Remembered ids may be among them: the same message could be accepted again.',
    todo: [
      'Set maxmemory-policy noeviction, and give Redis more memory or RETENTION less time.',
      'Run the certificate over the time since the first eviction.',
    ],
    options: critical(0),
  },
  {
    name: 'lock-expired-while-processing',
    title: 'locks are lost while their messages are processed',
    type: 'query alert',
    query: `sum(last_10m):${metric('sum', 'onlyonce_locks_lost_while_processing.count', { by: ['env', 'channel', 'group'], asCount: true })} > 0`,
    priority: 3,
    means:
      'Pods of group {{group.name}} lost locks at work. The late result is refused, so nothing happens twice, but work is done twice.',
    todo: [
      'Look for pauses: event loop lag, CPU throttling, a node under pressure, a Redis that answers late.',
      'Handlers that block the event loop cannot extend their lock: move such work away, or raise LOCK_TTL_MS.',
    ],
    options: critical(0),
  },
  {
    name: 'result-lost',
    title: 'results could not be reported to the store',
    type: 'log alert',
    query: alert({
      search: events('engine.result_lost', 'engine.failure_lost'),
      by: ['env', 'service'],
      last: '15m',
      above: 0,
    }),
    priority: 3,
    means:
      'A pod gave up reporting results; those messages run again, and the store decides which result counts.',
    todo: [
      'Look at the store: reachable, not read-only, rights unchanged?',
      'Watch the backlog until it is empty.',
    ],
    options: critical(0),
  },
];
