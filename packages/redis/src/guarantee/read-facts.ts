import { systemClock, type Clock, type StoreFacts } from '@onlyonce/core';
import type { Redis } from 'ioredis';
import { withDeadline } from '../call-deadline.js';
import { owningNode } from '../connection/owning-node.js';
import type { RedisClient } from '../connection/redis-client.js';
import { clockOffsetMs } from './clock-offset.js';
import { parseInfo, productOf, type InfoFields } from './info-sections.js';

const ANSWER_WITHIN_MS = 2_000;

type Settings = ReadonlyMap<string, string>;

/**
 * Reads what the deployment can promise, in a cluster from the master that owns the namespace. A fact that cannot be
 * read (rights, a managed service that hides CONFIG, a server away) is undefined; this never throws.
 */
export async function readFacts(
  client: RedisClient,
  namespace: string,
  clock: Clock = systemClock,
): Promise<StoreFacts> {
  const node = owningNode(client, namespace);
  if (node === undefined) return { product: 'unknown', version: '' };
  const [info, settings, offset] = await Promise.all([
    readInfo(node),
    readSettings(node),
    readClockOffset(node, clock),
  ]);
  return {
    ...(info.size === 0 ? { product: 'unknown', version: '' } : productOf(info)),
    appendOnly: yesOrNo(settings.get('appendonly')) ?? flag(info.get('aof_enabled')),
    fsync: fsyncPolicy(settings.get('appendfsync')),
    truncatesTornTail: yesOrNo(settings.get('aof-load-truncated')),
    evictionPolicy: settings.get('maxmemory-policy') ?? info.get('maxmemory_policy'),
    maxMemoryBytes: count(settings.get('maxmemory') ?? info.get('maxmemory')),
    replicas: count(info.get('connected_slaves')),
    clockOffsetMs: offset,
  };
}

async function readInfo(node: Redis): Promise<InfoFields> {
  const texts = await Promise.all(
    // One section per call: INFO takes several only from 7.0 on, and managed products follow at their own pace.
    (['server', 'replication', 'persistence', 'memory'] as const).map((section) =>
      factOrUndefined(() => node.info(section)),
    ),
  );
  return parseInfo(texts.filter((text) => text !== undefined).join('\n'));
}

async function readSettings(node: Redis): Promise<Settings> {
  const names = ['appendonly', 'appendfsync', 'aof-load-truncated', 'maxmemory', 'maxmemory-policy'] as const;
  // One name per call: a service may hide one of them and answer for the others.
  const replies = await Promise.all(names.map((name) => factOrUndefined(() => node.config('GET', name))));
  const settings = new Map<string, string>();
  for (const reply of replies) {
    if (!Array.isArray(reply)) continue;
    const [name, value]: unknown[] = reply;
    if (typeof name === 'string' && typeof value === 'string') settings.set(name, value);
  }
  return settings;
}

async function readClockOffset(node: Redis, clock: Clock): Promise<number | undefined> {
  // A warm connection first: the first call after connecting measures the handshake too.
  await factOrUndefined(() => node.ping());
  const sentAtMs = clock.wallMs();
  const started = clock.monotonicMs();
  const time = await factOrUndefined(() => node.time());
  if (time === undefined) return undefined;
  return clockOffsetMs([String(time[0]), String(time[1])], sentAtMs, clock.monotonicMs() - started);
}

/** Undefined instead of an error: "could not be read" is itself what the guarantee check reports. */
async function factOrUndefined<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await withDeadline(read(), ANSWER_WITHIN_MS, 'reading facts');
  } catch {
    return undefined;
  }
}

function yesOrNo(text: string | undefined): boolean | undefined {
  return text === 'yes' ? true : text === 'no' ? false : undefined;
}

function flag(text: string | undefined): boolean | undefined {
  return text === '1' ? true : text === '0' ? false : undefined;
}

function fsyncPolicy(text: string | undefined): StoreFacts['fsync'] {
  return text === 'always' || text === 'everysec' || text === 'no' ? text : undefined;
}

function count(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
