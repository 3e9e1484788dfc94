import { events } from '../../queries/logs.ts';
import { shown } from '../../queries/metrics.ts';
import { lines, MUST_BE_ZERO, row, timeseries, value, type Section } from '../../widgets/build.ts';

export const store: Section = {
  title: 'The store: what the guarantee stands on',
  colour: 'gray',
  rows: [
    row(
      4,
      [
        3,
        value({
          title: 'Things that weaken the guarantee',
          queries: [shown('weaknesses', 'max', 'onlyonce_guarantee_weaknesses')],
          colours: MUST_BE_ZERO,
        }),
      ],
      [
        3,
        timeseries({
          title: 'Redis memory against maxmemory',
          queries: [
            shown('used', 'max', 'redis.mem.used', { by: ['redis_host'] }),
            shown('limit', 'max', 'redis.mem.maxmemory', { by: ['redis_host'] }),
          ],
        }),
      ],
      [
        3,
        timeseries({
          title: 'fsync: mean commit and publish call, s (each waits for the disk)',
          queries: [
            shown('commitTime', 'sum', 'onlyonce_commit_seconds.sum', { asCount: true }),
            shown('commits', 'sum', 'onlyonce_commit_seconds.count', { asCount: true }),
            shown('publishTime', 'sum', 'onlyonce_publish_seconds.sum', { asCount: true }),
            shown('publishes', 'sum', 'onlyonce_publish_seconds.count', { asCount: true }),
          ],
          formulas: { commit: 'commitTime / commits', publish: 'publishTime / publishes' },
        }),
      ],
      [
        3,
        timeseries({
          title: 'fsync: append-only buffer, rewrite under way, INFO latency',
          queries: [
            shown('buffer', 'max', 'redis.aof.buffer_length', { by: ['redis_host'] }),
            shown('rewrite', 'max', 'redis.aof.rewrite', { by: ['redis_host'] }),
            shown('info', 'max', 'redis.info.latency_ms', { by: ['redis_host'] }),
          ],
        }),
      ],
    ),
    row(
      3,
      [
        3,
        value({
          title: 'Keys evicted by Redis',
          queries: [shown('evicted', 'max', 'redis.keys.evicted')],
          colours: MUST_BE_ZERO,
        }),
      ],
      [
        9,
        lines('What was said of the guarantee', events('guarantee'), [
          'service',
          '@pod',
          '@acceptance',
          '@weaknesses',
        ]),
      ],
    ),
  ],
};
