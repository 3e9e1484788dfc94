import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { InvalidInputError, systemRandom, type Random } from '@onlyonce/core';
import type { ClusterOptions, CommonRedisOptions, RedisOptions } from 'ioredis';
import { reconnectDelayMs } from './reconnect-delay.js';
import { parseRedisUrl, type HostAndPort, type RedisUrl } from './redis-url.js';
import { tlsOptions, type TlsFiles } from './tls-options.js';

/** Where Redis is and who we are there, as a service's configuration says it. */
export interface ConnectionSettings {
  /** @see parseRedisUrl for the forms */
  readonly url: string;
  /** Appears in CLIENT LIST as `onlyonce:<pod>`; no spaces. */
  readonly pod: string;
  /** Wins over the URL's, so that a secret need not stand in a URL. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Instead of the master's name in a `redis+sentinel` URL. */
  readonly sentinelMaster?: string | undefined;
  /** The sentinels' own user, if they have one. */
  readonly sentinelUsername?: string | undefined;
  readonly sentinelPassword?: string | undefined;
  /** Only with a `rediss` URL. */
  readonly tls?: TlsFiles | undefined;
}

/** The shapes of replies that this package reads, whichever protocol version the server speaks. */
interface LegacyReplies {
  replyMapping: 'legacy';
}

/** Settings of a client, in the form that `RedisModule.forRootAsync` of @nestjs-modules/ioredis takes. */
export type ConnectionOptions =
  | { type: 'single'; options: RedisOptions & LegacyReplies }
  | {
      type: 'cluster';
      nodes: HostAndPort[];
      options: ClusterOptions & { redisOptions: NodeOptions & LegacyReplies };
    };

type NodeOptions = NonNullable<ClusterOptions['redisOptions']>;

const CONNECT_TIMEOUT_MS = 2_000;
const KEEP_ALIVE_MS = 10_000;
/** A connection told to close waits this long for the other side; a half-open one would hold us for 2 s by default. */
const DISCONNECT_TIMEOUT_MS = 250;
/** Bounds what a ping does not reach: a peer that accepts the connection and never answers the handshake. */
const SILENCE_TIMEOUT_MS = 5_000;
const SENTINEL_ANSWER_MS = 1_500;
const LOADING_POLL_MS = 500;
const SLOTS_ANSWER_MS = 2_000;
const SLOTS_REFRESH_MS = 5_000;
const MAX_REDIRECTIONS = 8;

/**
 * Turns configuration into settings of a client that fails at once while it is disconnected and keeps
 * reconnecting for ever. No call is queued or sent again by the client: one that is executed long after its caller
 * gave up would take locks for nobody, so asking again is left to the engine, which knows who still waits.
 * @throws InvalidInputError naming the field; no text holds a password
 */
export function connectionOptions(
  settings: ConnectionSettings,
  random: Random = systemRandom,
): ConnectionOptions {
  const url = parseRedisUrl(settings.url);
  if (settings.tls !== undefined && !url.tls) {
    throw new InvalidInputError('REDIS_URL', 'must begin with rediss when TLS files are given');
  }
  const retryStrategy = (attempt: number): number => reconnectDelayMs(attempt, random);
  const common = commonOptions(settings, url);
  switch (url.kind) {
    case 'single':
      return {
        type: 'single',
        options: { ...standaloneOptions(settings, url), ...common, ...failFast, retryStrategy },
      };
    case 'sentinel':
      return {
        type: 'single',
        options: { ...sentinelOptions(settings, url), ...common, ...failFast, retryStrategy },
      };
    case 'cluster':
      return clusterOptions(settings, url, common, retryStrategy);
  }
}

const failFast = {
  enableOfflineQueue: false,
  // A master that became a replica may keep its connections; `true` reconnects and does not send the call again.
  reconnectOnError: (error: Error): boolean => error.message.startsWith('READONLY'),
} satisfies CommonRedisOptions;

function commonOptions(settings: ConnectionSettings, url: RedisUrl): NodeOptions & LegacyReplies {
  const username = settings.username ?? url.username;
  const password = settings.password ?? url.password;
  return {
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    // While Redis loads its data set the ready check polls INFO and waits; capped, since its estimate may be minutes.
    enableReadyCheck: true,
    maxLoadingRetryTime: LOADING_POLL_MS,
    // On every disconnect all that is under way fails: 0 means "not even once again".
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    keepAlive: KEEP_ALIVE_MS,
    noDelay: true,
    lazyConnect: false,
    enableAutoPipelining: false,
    replyMapping: 'legacy',
    connectionName: `onlyonce:${settings.pod}`,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}

function standaloneOptions(
  settings: ConnectionSettings,
  url: Extract<RedisUrl, { kind: 'single' }>,
): RedisOptions {
  const [{ host, port }] = url.hosts;
  return { host, port, db: url.db, ...(url.tls ? { tls: tlsOptions(settings.tls ?? {}, host) } : {}) };
}

function sentinelOptions(
  settings: ConnectionSettings,
  url: Extract<RedisUrl, { kind: 'sentinel' }>,
): RedisOptions {
  const name = settings.sentinelMaster ?? url.masterName;
  if (!name) throw new InvalidInputError('REDIS_URL', 'must end in /masterName for redis+sentinel');
  const tls = url.tls ? tlsOptions(settings.tls ?? {}) : undefined;
  return {
    sentinels: url.hosts.map(({ host, port }) => ({ host, port })),
    name,
    db: url.db,
    sentinelCommandTimeout: SENTINEL_ANSWER_MS,
    sentinelRetryStrategy: (attempt) => Math.min(500, attempt * 50),
    // Not the failover detector: when its message arrives while the client is reconnecting it cancels that for good
    // (status "end", ioredis 6.0.0). Sentinel itself cuts the old master's clients when it demotes it.
    failoverDetector: false,
    ...(settings.sentinelUsername === undefined ? {} : { sentinelUsername: settings.sentinelUsername }),
    ...(settings.sentinelPassword === undefined ? {} : { sentinelPassword: settings.sentinelPassword }),
    ...(tls === undefined ? {} : { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
  };
}

function clusterOptions(
  settings: ConnectionSettings,
  url: Extract<RedisUrl, { kind: 'cluster' }>,
  common: NodeOptions & LegacyReplies,
  clusterRetryStrategy: (attempt: number) => number,
): ConnectionOptions {
  const tls: TlsOptions | undefined = url.tls ? tlsOptions(settings.tls ?? {}) : undefined;
  return {
    type: 'cluster',
    nodes: url.hosts.map(({ host, port }) => ({ host, port })),
    options: {
      clusterRetryStrategy,
      enableOfflineQueue: false,
      enableAutoPipelining: false,
      lazyConnect: false,
      slotsRefreshTimeout: SLOTS_ANSWER_MS,
      slotsRefreshInterval: SLOTS_REFRESH_MS,
      maxRedirections: MAX_REDIRECTIONS,
      // 0 = tell the caller at once instead of sending the call again by itself; MOVED refreshes the slots anyway.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      scaleReads: 'master',
      // With TLS the names must reach the handshake as they are, since the certificate holds names, not addresses.
      ...(tls === undefined
        ? {}
        : {
            dnsLookup: (name, callback) => {
              callback(null, name);
            },
          }),
      redisOptions: {
        ...common,
        ...(tls === undefined ? {} : { tls }),
      },
    },
  };
}
