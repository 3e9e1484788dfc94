// @ts-check
/** @typedef {import('./scene.mjs').Surroundings} Surroundings */

/** Files are not rewritten while they are watched and cut. */
const NO_REWRITE = ['--auto-aof-rewrite-percentage', '0'];

/**
 * What each phase that is a load with faults at their moments has around it. The others have a program of their own.
 * @type {Record<string, Surroundings>}
 */
export const SURROUNDINGS = {
  pods: { echo: true, scarce: true },
  proxy: { proxies: true, partition: true, scarce: true },
  torn: { lossy: true, losesData: true, redisArgs: NO_REWRITE },
  power: {
    lossy: true,
    losesData: true,
    sizes: true,
    redisArgs: ['--appendfsync', 'everysec', ...NO_REWRITE],
  },
  failover: { lossy: true, losesData: true, pair: true, proxies: true },
  'failover-wait': { lossy: true, losesData: true, pair: true, proxies: true, waitReplicas: 1 },
  sentinel: { lossy: true, losesData: true, sentinel: true },
  split: { lossy: true, losesData: true, pair: true, proxies: true },
  clock: { clock: true },
  versions: {},
  'disk-always': { disk: true },
  'disk-everysec': { disk: true, redisArgs: ['--appendfsync', 'everysec'] },
};
