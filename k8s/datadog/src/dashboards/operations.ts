import type { v1 } from '@datadog/datadog-api-client';
import type { ProcessMetric } from '../emitted/metrics.ts';
import { RUNBOOK } from '../names.ts';
import { at, counted, events, is } from '../queries/logs.ts';
import { shown } from '../queries/metrics.ts';
import {
  BETTER_ZERO,
  lines,
  MUST_BE_ZERO,
  note,
  row,
  stacked,
  table,
  timeseries,
  value,
  type Section,
} from '../widgets/build.ts';
import { variables } from './variables.ts';

const ENGINE_TROUBLE = events(
  'engine.start_failed',
  'engine.register_failed',
  'engine.claim_failed',
  'engine.pull_failed',
  'engine.scan_failed',
  'engine.extend_failed',
  'engine.release_failed',
  'engine.unsubscribe_failed',
  'engine.result_lost',
  'engine.failure_lost',
  'engine.on_dead_failed',
  'engine.bad_envelope',
);

const pods: Section = {
  title: 'Pods',
  colour: 'vivid_green',
  rows: [
    row(
      3,
      [
        3,
        note(
          `What to do when something here is red: [${RUNBOOK}](${RUNBOOK}). Whether messages took effect once: the dashboard ` +
            '*Onlyonce: exactly-once proof*.',
        ),
      ],
      [
        3,
        timeseries({
          title: 'Live pods per group',
          queries: [shown('pods', 'max', 'onlyonce_live_pods', { by: ['channel', 'group'] })],
        }),
      ],
      [
        3,
        timeseries({
          title: 'Pods that reach the store',
          queries: [shown('reach', 'sum', 'onlyonce_store_available', { by: ['service'] })],
        }),
      ],
      [
        3,
        value({
          title: 'Crashed, or failed to start',
          queries: [counted('crashes', { search: events('service.crashed', 'engine.start_failed') })],
          colours: MUST_BE_ZERO,
        }),
      ],
    ),
    row(
      4,
      [
        4,
        timeseries({
          title: 'Resident memory per pod, bytes',
          queries: [process('memory', 'process_resident_memory_bytes')],
        }),
      ],
      [
        4,
        timeseries({
          title: 'CPU seconds per pod',
          queries: [process('cpu', 'process_cpu_seconds.count')],
        }),
      ],
      [
        4,
        timeseries({
          title: 'Event loop lag p99 per pod, s',
          queries: [process('lag', 'nodejs_eventloop_lag_p99_seconds')],
        }),
      ],
    ),
    row(4, [
      12,
      lines(
        'Starts, stops, connections',
        events(
          'service.started',
          'service.stopping',
          'service.stopped',
          'service.crashed',
          'service.open',
          'redis.connection',
          'engine.resubscribed',
        ),
        ['service', '@pod', '@event', 'content'],
      ),
    ]),
  ],
};

function process(name: string, of: ProcessMetric): v1.FormulaAndFunctionMetricQueryDefinition {
  const counts = of.endsWith('.count');
  return {
    name,
    dataSource: 'metrics',
    // Every Node.js process has metrics of these names; only ours are meant.
    query: `max:${of}{$env AND service IN (order,inventory)} by {service,pod}${counts ? '.as_count()' : ''}`,
    aggregator: counts ? 'sum' : 'last',
  };
}

const mean = (call: 'claim' | 'handle' | 'commit' | 'publish') =>
  timeseries({
    title: `Mean ${call} call, s`,
    queries: [
      shown('time', 'sum', `onlyonce_${call}_seconds.sum`, { by: ['channel'], asCount: true }),
      shown('calls', 'sum', `onlyonce_${call}_seconds.count`, { by: ['channel'], asCount: true }),
    ],
    formulas: { mean: 'time / calls' },
  });

const slow = (call: 'claim' | 'handle' | 'commit' | 'publish') =>
  timeseries({
    title: `${call} calls of more than 0.1 s, share`,
    queries: [
      shown('fast', 'sum', `onlyonce_${call}_seconds.bucket`, {
        where: ['upper_bound:0.1'],
        by: ['channel'],
        asCount: true,
      }),
      shown('calls', 'sum', `onlyonce_${call}_seconds.count`, { by: ['channel'], asCount: true }),
    ],
    formulas: { slow: '1 - fast / calls' },
  });

const batch = (call: 'claim' | 'commit' | 'publish') =>
  timeseries({
    title: `Messages per ${call} call`,
    queries: [
      shown('messages', 'sum', `onlyonce_${call}_batch_size.sum`, { by: ['channel'], asCount: true }),
      shown('calls', 'sum', `onlyonce_${call}_batch_size.count`, { by: ['channel'], asCount: true }),
    ],
    formulas: { messages: 'messages / calls' },
  });

const load: Section = {
  title: 'Load',
  colour: 'vivid_blue',
  rows: [
    row(
      4,
      [
        4,
        timeseries({
          title: 'Published, by what the store answered',
          queries: [shown('published', 'sum', 'onlyonce_published.count', { by: ['result'], asCount: true })],
          display: 'bars',
        }),
      ],
      [
        4,
        timeseries({
          title: 'Heard per pod',
          queries: [
            shown('heard', 'sum', 'onlyonce_messages_received.count', { by: ['pod'], asCount: true }),
          ],
          display: 'bars',
        }),
      ],
      [
        4,
        timeseries({
          title: 'Settled, by outcome',
          queries: [
            shown('settled', 'sum', 'onlyonce_messages_processed.count', {
              by: ['group', 'outcome'],
              asCount: true,
            }),
          ],
          display: 'bars',
        }),
      ],
    ),
    row(
      4,
      [
        6,
        timeseries({
          title: 'Publish to effect, mean, s',
          queries: [
            shown('time', 'sum', 'onlyonce_publish_to_effect_seconds.sum', { by: ['group'], asCount: true }),
            shown('effects', 'sum', 'onlyonce_publish_to_effect_seconds.count', {
              by: ['group'],
              asCount: true,
            }),
          ],
          formulas: { mean: 'time / effects' },
        }),
      ],
      [
        6,
        timeseries({
          title: 'Effects later than 1 s, share',
          queries: [
            shown('soon', 'sum', 'onlyonce_publish_to_effect_seconds.bucket', {
              where: ['upper_bound:1.0'],
              by: ['group'],
              asCount: true,
            }),
            shown('effects', 'sum', 'onlyonce_publish_to_effect_seconds.count', {
              by: ['group'],
              asCount: true,
            }),
          ],
          formulas: { late: '1 - soon / effects' },
        }),
      ],
    ),
    row(4, [3, mean('publish')], [3, mean('claim')], [3, mean('handle')], [3, mean('commit')]),
    row(4, [3, slow('publish')], [3, slow('claim')], [3, slow('handle')], [3, slow('commit')]),
    row(4, [4, batch('publish')], [4, batch('claim')], [4, batch('commit')]),
  ],
};

const trouble: Section = {
  title: 'Trouble',
  colour: 'vivid_orange',
  rows: [
    row(
      4,
      [
        4,
        timeseries({
          title: 'Given back at shutdown; nonsense on the channel',
          queries: [
            shown('released', 'sum', 'onlyonce_released.count', { by: ['group'], asCount: true }),
            shown('nonsense', 'sum', 'onlyonce_bad_envelopes.count', { by: ['channel'], asCount: true }),
          ],
          display: 'bars',
        }),
      ],
      [
        4,
        table({
          title: 'What the engine complained of',
          queries: [counted('lines', { search: ENGINE_TROUBLE, by: [at('event'), 'service'], limit: 20 })],
          columns: { lines: BETTER_ZERO },
        }),
      ],
      [
        4,
        table({
          title: 'Faults by text',
          queries: [
            counted('lines', {
              search: is('level', 'error'),
              by: [at('error.message')],
              limit: 20,
            }),
          ],
          columns: {},
        }),
      ],
    ),
    row(4, [
      12,
      lines('Lines of the engine', ENGINE_TROUBLE, [
        'service',
        '@pod',
        '@event',
        '@channel',
        '@error.message',
      ]),
    ]),
  ],
};

const redis: Section = {
  title: 'Redis',
  colour: 'gray',
  rows: [
    row(
      4,
      [
        3,
        timeseries({
          title: 'Append-only file, bytes',
          queries: [shown('size', 'max', 'redis.aof.size', { by: ['redis_host'] })],
        }),
      ],
      [
        3,
        timeseries({
          title: 'Memory: used, and fragmentation',
          queries: [
            shown('used', 'max', 'redis.mem.used', { by: ['redis_host'] }),
            shown('fragmentation', 'max', 'redis.mem.fragmentation_ratio', { by: ['redis_host'] }),
          ],
        }),
      ],
      [
        3,
        timeseries({
          title: 'Clients, commands per second',
          queries: [
            shown('clients', 'max', 'redis.net.clients', { by: ['redis_host'] }),
            shown('commands', 'max', 'redis.net.commands', { by: ['redis_host'] }),
          ],
        }),
      ],
      [
        3,
        timeseries({
          title: 'Replicas connected',
          queries: [shown('replicas', 'max', 'redis.net.slaves', { by: ['redis_host', 'redis_role'] })],
        }),
      ],
    ),
  ],
};

export const operations: v1.Dashboard = {
  title: 'Onlyonce: operations',
  description: `Pods, load, trouble and the store. ${RUNBOOK}, docs/datadog.md`,
  layoutType: 'ordered',
  reflowType: 'fixed',
  templateVariables: variables,
  tags: [],
  widgets: stacked([pods, load, trouble, redis]),
};
