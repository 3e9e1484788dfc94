import { ORDER_RESULTS, ORDER_UPDATES } from '@onlyonce/contracts';
import {
  contentOf,
  duration,
  integer,
  listOf,
  name,
  oneOf,
  readableFile,
  redisUrl,
  redisUrlSetting,
  text,
  yesOrNo,
} from './setting.js';

const MS = 'milliseconds';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Settings that both services have.
 * @param defaultPodName used when POD_NAME is not set
 */
export const commonSettings = (defaultPodName: string) => ({
  HOST: text({ fallback: '0.0.0.0', meaning: 'Address to listen on.' }),
  MAX_CONNECTIONS: integer({
    from: 1,
    to: 1_000_000,
    fallback: '10000',
    meaning: 'Open HTTP connections; more are refused.',
  }),

  REDIS_URL: redisUrlSetting({
    fallback: 'redis://127.0.0.1:6379',
    meaning:
      'Where Redis is: `redis://host:port/db`, `redis+sentinel://host:port,.../master/db`, ' +
      '`redis+cluster://host:port,...`; `rediss` for TLS.',
  }),
  REDIS_USERNAME: text({ meaning: "ACL user; wins over the URL's." }),
  REDIS_PASSWORD: text({ secret: true, meaning: "Password; wins over the URL's." }),
  REDIS_PASSWORD_FILE: contentOf({
    secret: true,
    meaning: 'File that holds the password (a mounted secret), instead of REDIS_PASSWORD.',
  }),
  REDIS_SENTINEL_MASTER: text({ meaning: "Name of the master, instead of the one in the URL's path." }),
  REDIS_SENTINEL_USERNAME: text({ meaning: "The sentinels' own ACL user." }),
  REDIS_SENTINEL_PASSWORD: text({ secret: true, meaning: "The sentinels' own password." }),
  REDIS_TLS_CA_FILE: readableFile({
    meaning: 'PEM file of the authority to trust, instead of the well-known ones.',
  }),
  REDIS_TLS_CERT_FILE: readableFile({
    meaning: 'PEM file of our certificate, when Redis asks clients for one.',
  }),
  REDIS_TLS_KEY_FILE: readableFile({ meaning: 'PEM file of the key of REDIS_TLS_CERT_FILE.' }),
  REDIS_TLS_REJECT_UNAUTHORIZED: yesOrNo({
    fallback: 'true',
    meaning: 'false takes any certificate: for a laptop only.',
  }),

  NAMESPACE: name({
    fallback: 'shop',
    meaning: 'Hash tag of all keys; services that work together share it.',
  }),
  CHANNEL: name({ fallback: ORDER_UPDATES, meaning: 'Channel of orders placed.' }),
  RESULTS_CHANNEL: name({ fallback: ORDER_RESULTS, meaning: 'Channel of what became of them.' }),
  POD_NAME: name({
    fallback: defaultPodName,
    shownDefault: 'host name and process id',
    meaning: 'Name of this process among its replicas; must differ from theirs.',
  }),

  CLAIM_STRATEGY: oneOf(['race', 'pull'], {
    fallback: 'race',
    meaning:
      '`race`: every replica claims what it hears. `pull`: a message is a doorbell, replicas ask for the next ones.',
  }),
  LOCK_TTL_MS: integer({
    from: 100,
    to: HOUR_MS,
    fallback: '5000',
    unit: MS,
    meaning: 'How long a message stays locked unless its lock is extended.',
  }),
  CONCURRENCY: integer({ from: 1, to: 10_000, fallback: '64', meaning: 'Handlers at the same time.' }),
  MAX_IN_FLIGHT: integer({
    from: 1,
    to: 100_000,
    shownDefault: '512, or twice CONCURRENCY',
    meaning: 'Messages won and not settled; bounds the memory of a pod.',
  }),
  HANDLER_DELAY_MS: integer({
    from: 0,
    to: HOUR_MS,
    fallback: '0',
    unit: MS,
    meaning: 'Holds each message that long between handler and commit, to try crashes from outside.',
  }),
  HANDLER_TIMEOUT_MS: integer({
    from: 10,
    to: DAY_MS,
    fallback: '600000',
    unit: MS,
    meaning: 'Longest a message may be held, lock extensions included.',
  }),
  MAX_ATTEMPTS: integer({
    from: 1,
    to: 1_000,
    fallback: '6',
    meaning: 'Failures after which a message is a dead letter.',
  }),
  RETRY_BASE_DELAY_MS: integer({
    from: 1,
    to: HOUR_MS,
    fallback: '200',
    unit: MS,
    meaning: 'Delay before the second attempt; doubles each time, half of it jitter.',
  }),
  RETRY_MAX_DELAY_MS: integer({
    from: 1,
    to: DAY_MS,
    fallback: '30000',
    unit: MS,
    meaning: 'No delay is longer.',
  }),
  MAX_TAKEOVERS: integer({
    from: 1,
    to: 1_000,
    fallback: '10',
    meaning: 'Owners that may vanish before a message counts as poison.',
  }),
  SWEEP_INTERVAL_MS: integer({
    from: 10,
    to: 600_000,
    unit: MS,
    shownDefault: 'half of LOCK_TTL_MS',
    meaning: 'How often the backlog is swept for what was lost on the way.',
  }),
  LOCK_NODES: listOf(redisUrl, {
    secret: true,
    meaning:
      'Redis URLs, comma-separated, of independent masters for a second lock around handlers (redlock).',
  }),

  RETENTION: duration({
    fallback: '7d',
    meaning: 'How long processed ids are remembered: `90s`, `12h`, `7d`, `forever`.',
  }),
  EXPECTED_RATE: integer({
    from: 1,
    to: 1_000_000,
    fallback: '1000',
    unit: 'messages per second',
    meaning:
      'Plans the buckets of processed ids (fixed with the first start), and the estimate of memory in the guarantee check.',
  }),
  DURABILITY: oneOf(['local', 'replicated'], {
    fallback: 'local',
    meaning: '`replicated`: a message is accepted when WAIT_REPLICAS replicas have it.',
  }),
  WAIT_REPLICAS: integer({
    from: 0,
    to: 16,
    fallback: '1',
    meaning: 'Replicas to wait for when DURABILITY is replicated.',
  }),
  REQUIRE_DURABLE: yesOrNo({
    fallback: 'false',
    meaning: 'Refuse to start on a Redis that can lose accepted orders.',
  }),

  DRAIN_MS: integer({
    from: 0,
    to: 600_000,
    fallback: '10000',
    unit: MS,
    meaning: "How long running handlers may take after SIGTERM; less than the pod's grace period by 5 s.",
  }),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    fallback: 'info',
    meaning: 'Least severe level logged.',
  }),
  DD_TRACE_ENABLED: yesOrNo({
    fallback: 'false',
    meaning: 'Load dd-trace; its other DD_ variables apply then.',
  }),
  DOGSTATSD_ENABLED: yesOrNo({
    fallback: 'false',
    meaning: 'Send the metrics to DogStatsD as well, where nothing scrapes /metrics; needs DD_TRACE_ENABLED.',
  }),
  DD_ENV: text({ meaning: '`env` of logs, metrics and traces.' }),
  DD_VERSION: text({ meaning: '`version` of logs, metrics and traces.' }),
});
