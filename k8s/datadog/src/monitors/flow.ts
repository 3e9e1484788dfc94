import { alert, events, at } from '../queries/logs.ts';
import { metric } from '../queries/metrics.ts';
import { critical, type Alert } from './monitor.ts';

const perGroup = { by: ['env', 'channel', 'group'] } as const;

/** What would mean that work stands still, or will. */
export const flowAlerts: readonly Alert[] = [
  {
    name: 'no-consumer',
    title: 'a group has no pod',
    type: 'query alert',
    query: `max(last_5m):${metric('max', 'onlyonce_live_pods', perGroup)} < 1`,
    priority: 2,
    means:
      'No pod of group {{group.name}} is alive, or none has been scraped for 10 minutes. Messages wait; none is lost.',
    todo: [
      'Are there pods, and are they ready? `kubectl get pods -l app.kubernetes.io/name=inventory`, then their last lines.',
      'GET /health/ready says why a pod is not ready.',
      'If a group is gone for good, resolve this monitor for it.',
    ],
    // A group without pods has nobody who could say so: silence is the alarm.
    options: { ...critical(1), onMissingData: 'show_and_notify_no_data', groupRetentionDuration: '72h' },
  },
  {
    name: 'backlog-age',
    title: 'messages wait too long',
    type: 'query alert',
    query: `max(last_5m):${metric('max', 'onlyonce_backlog_oldest_age_seconds', perGroup)} > 60`,
    priority: 2,
    means: 'The oldest message of group {{group.name}} waits for {{value}} s.',
    todo: [
      'Is one stuck or are all late? GET /inbox?state=processing and state=retrying show owner, attempt and error.',
      'All late: more replicas, or higher CONCURRENCY; see depth and the mean handle call in *Onlyonce: operations*.',
      'One: its error, or a handler that hangs (HANDLER_TIMEOUT_MS).',
    ],
    options: critical(60, 30),
  },
  {
    name: 'backlog-depth',
    title: 'the backlog grows',
    type: 'query alert',
    query: `min(last_15m):${metric('max', 'onlyonce_backlog_depth', perGroup)} > 10000`,
    priority: 3,
    means: 'For 15 minutes there were never fewer than {{value}} messages waiting in group {{group.name}}.',
    todo: [
      'More replicas; with many pods CLAIM_STRATEGY=pull is cheaper.',
      'Redis keeps every waiting message in memory: watch redis-memory.',
    ],
    options: critical(10_000, 1_000),
  },
  {
    name: 'dead-letters',
    title: 'there are dead letters',
    type: 'query alert',
    query: `max(last_5m):${metric('max', 'onlyonce_dead_letters', perGroup)} > 0`,
    priority: 3,
    means: '{{value}} messages of group {{group.name}} could not be processed and wait for a person.',
    todo: [
      'GET /inbox?state=dead, or the log view *dead letters*, says why.',
      'Mend the cause, then POST /inbox/{id}/redrive. The same id keeps its one effect.',
    ],
    options: critical(0),
  },
  {
    name: 'new-dead-letters',
    title: 'messages are dying',
    type: 'query alert',
    query: `sum(last_15m):${metric('sum', 'onlyonce_dead.count', { ...perGroup, asCount: true })} > 10`,
    priority: 2,
    means:
      '{{value}} messages of group {{group.name}} became dead letters within 15 minutes: a fault of many, not of one.',
    todo: [
      'What do the reasons have in common (`@event:message.dead`, by @reason)? Was something deployed?',
      'Roll back if so; dead letters can be redriven afterwards.',
    ],
    options: critical(10),
  },
  {
    name: 'retries',
    title: 'many attempts fail',
    type: 'query alert',
    query: `sum(last_15m):${metric('sum', 'onlyonce_retries.count', { ...perGroup, asCount: true })} > 100`,
    priority: 3,
    means: '{{value}} attempts of group {{group.name}} failed within 15 minutes and will be repeated.',
    todo: [
      '`@event:message.retry` by @reason.',
      'Each repeats up to MAX_ATTEMPTS times; then it is a dead letter.',
    ],
    options: critical(100),
  },
  {
    name: 'takeovers',
    title: 'pods vanish with messages in hand',
    type: 'query alert',
    query: `sum(last_15m):${metric('sum', 'onlyonce_takeovers.count', { ...perGroup, asCount: true })} > 10`,
    priority: 3,
    means: '{{value}} messages of group {{group.name}} were taken over from pods that vanished.',
    todo: [
      'Are pods killed (OOMKilled, evicted) or paused? `kubectl describe pod`; `@event:message.recovered` by @previousPod.',
      'The grace period must be longer than DRAIN_MS: a pod that drains hands nothing over.',
    ],
    options: critical(10),
  },
  {
    name: 'slow-effects',
    title: 'effects come late',
    type: 'query alert',
    query:
      `sum(last_10m):${metric('sum', 'onlyonce_publish_to_effect_seconds.sum', { ...perGroup, asCount: true })} / ` +
      `${metric('sum', 'onlyonce_publish_to_effect_seconds.count', { ...perGroup, asCount: true })} > 5`,
    priority: 4,
    means: 'From acceptance to effect it takes {{value}} s on average in group {{group.name}}.',
    todo: ['The same as for backlog-age; if the backlog is short, look at the mean handle and commit calls.'],
    options: critical(5, 2),
  },
  {
    name: 'bad-envelopes',
    title: 'somebody writes nonsense to a channel',
    type: 'query alert',
    query: `sum(last_15m):${metric('sum', 'onlyonce_bad_envelopes.count', { by: ['env', 'channel'], asCount: true })} > 0`,
    priority: 4,
    means:
      'On channel {{channel.name}} came what is no envelope. It is ignored; whoever sends it should not have the right to.',
    todo: [
      '`@event:engine.bad_envelope` shows a sample.',
      'Redis ACL: who may PUBLISH there? docs/security.md',
    ],
    options: critical(0),
  },
  {
    name: 'service-crashed',
    title: 'a process crashed',
    type: 'log alert',
    query: alert({
      search: events('service.crashed'),
      by: ['env', 'service', at('pod')],
      last: '5m',
      above: 0,
    }),
    priority: 3,
    means:
      'A process ended by an error that nobody caught. Its messages are taken over when their locks run out.',
    todo: ['The line has the error and its stack. If it comes again and again, roll back.'],
    options: critical(0),
  },
];
