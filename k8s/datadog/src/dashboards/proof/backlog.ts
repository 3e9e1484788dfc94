import { at, counted, EFFECTS } from '../../queries/logs.ts';
import { shown } from '../../queries/metrics.ts';
import { row, timeseries, type Section } from '../../widgets/build.ts';

export const backlog: Section = {
  title: 'Backlog and latency',
  colour: 'vivid_purple',
  rows: [
    row(
      4,
      [
        4,
        timeseries({
          title: 'Backlog: depth, in work, waiting for a retry, dead',
          queries: [
            shown('depth', 'max', 'onlyonce_backlog_depth', { by: ['channel', 'group'] }),
            shown('processing', 'max', 'onlyonce_processing', { by: ['channel', 'group'] }),
            shown('retrying', 'max', 'onlyonce_retrying', { by: ['channel', 'group'] }),
            shown('dead', 'max', 'onlyonce_dead_letters', { by: ['channel', 'group'] }),
          ],
        }),
      ],
      [
        4,
        timeseries({
          title: 'Age of the oldest message not settled, s',
          queries: [shown('age', 'max', 'onlyonce_backlog_oldest_age_seconds', { by: ['channel', 'group'] })],
          markers: [{ value: 'y = 60', displayType: 'error dashed', label: 'monitor backlog-age' }],
        }),
      ],
      [
        4,
        timeseries({
          title: 'POST to effect, ms (median, p95, p99)',
          queries: [
            counted('median', {
              search: EFFECTS,
              compute: { of: 'sincePublishedMs', as: 'median' },
              by: [at('group')],
            }),
            counted('p95', {
              search: EFFECTS,
              compute: { of: 'sincePublishedMs', as: 'pc95' },
              by: [at('group')],
            }),
            counted('p99', {
              search: EFFECTS,
              compute: { of: 'sincePublishedMs', as: 'pc99' },
              by: [at('group')],
            }),
          ],
        }),
      ],
    ),
  ],
};
