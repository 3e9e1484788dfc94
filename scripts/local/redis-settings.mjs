// @ts-check

/**
 * The settings under which Redis loses nothing it acknowledged, as flags of redis-server.
 * `aof-load-truncated no` together with the repair before each start: a tail torn in the middle of a transaction,
 * cut off by Redis itself, corrupts the start after the next one (docs/protocol.md).
 */
export const DURABLE = [
  ['--appendonly', 'yes'],
  ['--appendfsync', 'always'],
  ['--aof-load-truncated', 'no'],
  ['--maxmemory-policy', 'noeviction'],
  ['--save', ''],
].flat();

/** Where Redis lists the parts of its append-only file, below its data folder. */
export const AOF_MANIFEST = 'appendonlydir/appendonly.aof.manifest';
