import { InvalidInputError } from '../errors.js';
import { checkedName } from '../ids.js';
import { defaultRetryPolicy, type RetryPolicy } from './retry-policy.js';

export type ClaimStrategy = 'race' | 'pull';

export interface ConsumerOptions {
  readonly channel: string;
  readonly group: string;
  readonly pod: string;
  /** `race`: claim by id what is heard. `pull`: the message is a doorbell, ask for the next n. Default race. */
  readonly strategy: ClaimStrategy;
  /** Lock TTL, milliseconds. Default 5,000. */
  readonly lockTtlMs: number;
  /** Handlers at the same time. Default 64. */
  readonly concurrency: number;
  /** Messages won and not settled; `race` keeps four times as many that it heard and has not claimed. Default 512. */
  readonly maxInFlight: number;
  /** Most messages per call of the store. Default 128. */
  readonly maxBatch: number;
  /** How often the backlog is swept for what was lost on the way, milliseconds, jittered. Default lockTtlMs / 2. */
  readonly sweepIntervalMs: number;
  /** The sweep leaves entries younger than this to the fast path, milliseconds. Default min(500, lockTtlMs / 4). */
  readonly sweepGraceMs: number;
  /** Owners that may vanish without a report before the message counts as poison. Default 10. */
  readonly maxTakeovers: number;
  /** Longest a handler may run, and the longest a lock is ever extended; milliseconds. Default 600,000. */
  readonly handlerTimeoutMs: number;
  readonly retry: RetryPolicy;
  /** Where a group that registers for the first time starts. Default earliest. */
  readonly from: 'earliest' | 'now';
}

/** Fills in the defaults. @throws InvalidInputError naming the first option that is wrong, with its unit */
export function consumerOptions(
  given: Pick<ConsumerOptions, 'channel' | 'group' | 'pod'> &
    Partial<Omit<ConsumerOptions, 'retry'>> & {
      readonly retry?: Partial<RetryPolicy>;
    },
): ConsumerOptions {
  const lockTtlMs = integer('lockTtlMs', given.lockTtlMs ?? 5_000, 100, 3_600_000);
  const concurrency = integer('concurrency', given.concurrency ?? 64, 1, 10_000);
  const retry = { ...defaultRetryPolicy, ...given.retry };
  integer('retry.baseDelayMs', retry.baseDelayMs, 1, 3_600_000);
  integer('retry.maxDelayMs', retry.maxDelayMs, retry.baseDelayMs, 86_400_000);
  integer('retry.maxAttempts', retry.maxAttempts, 1, 1_000);
  return Object.freeze({
    channel: checkedName('channel', given.channel),
    group: checkedName('group', given.group),
    pod: checkedName('pod', given.pod),
    strategy: given.strategy ?? 'race',
    lockTtlMs,
    concurrency,
    maxInFlight: integer('maxInFlight', given.maxInFlight ?? Math.max(512, 2 * concurrency), 1, 100_000),
    maxBatch: integer('maxBatch', given.maxBatch ?? 128, 1, 1_000),
    sweepIntervalMs: integer(
      'sweepIntervalMs',
      given.sweepIntervalMs ?? Math.ceil(lockTtlMs / 2),
      10,
      600_000,
    ),
    sweepGraceMs: integer(
      'sweepGraceMs',
      given.sweepGraceMs ?? Math.min(500, Math.ceil(lockTtlMs / 4)),
      0,
      600_000,
    ),
    maxTakeovers: integer('maxTakeovers', given.maxTakeovers ?? 10, 1, 1_000),
    handlerTimeoutMs: integer('handlerTimeoutMs', given.handlerTimeoutMs ?? 600_000, 10, 86_400_000),
    retry: Object.freeze(retry),
    from: given.from ?? 'earliest',
  });
}

function integer(field: string, value: number, least: number, most: number): number {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new InvalidInputError(field, `must be an integer from ${least} to ${most} (got ${value})`);
  }
  return value;
}
