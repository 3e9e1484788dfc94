/** One metric as it is told to Prometheus, and under the same name to Datadog. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Never an id: what has as many values as there are messages does not belong into a label. */
  readonly labels: readonly MetricLabel[];
  readonly buckets?: readonly number[];
}

export type MetricLabel =
  'channel' | 'group' | 'outcome' | 'result' | 'acceptance' | 'service' | 'version' | 'env' | 'pod';

const GROUP = ['channel', 'group'] as const;
/** Seconds; from a local round trip to a handler that holds its message for minutes. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];

const counter = <const Labels extends readonly MetricLabel[]>(help: string, labels: Labels) =>
  ({ type: 'counter', help, labels }) as const;
const gauge = <const Labels extends readonly MetricLabel[]>(help: string, labels: Labels) =>
  ({ type: 'gauge', help, labels }) as const;
const seconds = (help: string) =>
  ({ type: 'histogram', help: `${help}, seconds`, labels: GROUP, buckets: SECONDS }) as const;
const batch = (help: string) => ({ type: 'histogram', help, labels: GROUP, buckets: BATCH_SIZES }) as const;

/** Every metric that the packages emit; those of the process itself (`process_`, `nodejs_`) are prom-client's. */
export const metricDefinitions = {
  onlyonce_messages_received_total: counter('Messages heard on the channel', GROUP),
  onlyonce_messages_won_total: counter('Locks won', GROUP),
  onlyonce_messages_lost_total: counter('Locks another pod won first, or that were lost later', GROUP),
  onlyonce_locks_lost_while_processing_total: counter('Locks lost by this pod after it had won them', GROUP),
  onlyonce_messages_processed_total: counter('Messages processed by this pod, by outcome', [
    ...GROUP,
    'outcome',
  ]),
  onlyonce_duplicates_refused_total: counter('Results refused since the message was settled', GROUP),
  onlyonce_retries_total: counter('Failed attempts that will be repeated', GROUP),
  onlyonce_dead_total: counter('Messages that became dead letters', GROUP),
  onlyonce_recovered_total: counter('Messages found in the backlog instead of heard', GROUP),
  onlyonce_takeovers_total: counter('Messages taken over from a pod that vanished', GROUP),
  onlyonce_released_total: counter('Messages given back unprocessed', GROUP),
  onlyonce_bad_envelopes_total: counter('Things on the channel that are no envelope', GROUP),
  onlyonce_published_total: counter('Messages published by this pod, by what the store answered', [
    'channel',
    'result',
  ]),

  onlyonce_claim_seconds: seconds('One claim call'),
  onlyonce_handle_seconds: seconds('One run of a handler'),
  onlyonce_commit_seconds: seconds('One commit call'),
  onlyonce_publish_seconds: seconds('One publish call'),
  onlyonce_publish_to_effect_seconds: seconds('From acceptance into the backlog to the effect'),
  onlyonce_claim_batch_size: batch('Messages won per claim call'),
  onlyonce_commit_batch_size: batch('Messages per commit call'),
  onlyonce_publish_batch_size: batch('Messages per publish call'),

  onlyonce_backlog_depth: gauge('Messages of the group not settled yet', GROUP),
  onlyonce_backlog_oldest_age_seconds: gauge('Age of the oldest message not settled, seconds', GROUP),
  onlyonce_processing: gauge('Messages of the group some pod holds a lock for', GROUP),
  onlyonce_retrying: gauge('Messages waiting for their next attempt', GROUP),
  onlyonce_dead_letters: gauge('Dead letters', GROUP),
  onlyonce_live_pods: gauge('Pods of the group heard of lately', GROUP),

  onlyonce_store_available: gauge('1 while this pod can reach the store', []),
  onlyonce_guarantee_weaknesses: gauge('Things that weaken the guarantee; 0 when nothing does', [
    'acceptance',
  ]),
  onlyonce_build_info: gauge('Always 1; the labels say which process this is', [
    'service',
    'version',
    'env',
    'pod',
  ]),
} as const satisfies Readonly<Record<`onlyonce_${string}`, MetricDefinition>>;

export type MetricName = keyof typeof metricDefinitions;
export type LabelsOf<Name extends MetricName> = (typeof metricDefinitions)[Name]['labels'][number];
