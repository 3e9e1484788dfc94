import { at, counted, events } from '../../queries/logs.ts';
import { shown } from '../../queries/metrics.ts';
import { lines, row, table, timeseries, type Section } from '../../widgets/build.ts';

export const trouble: Section = {
  title: 'Retries and dead letters',
  colour: 'vivid_orange',
  rows: [
    row(
      4,
      [
        4,
        timeseries({
          title: 'Attempts that failed and will be repeated; messages that died',
          queries: [
            shown('retries', 'sum', 'onlyonce_retries.count', { by: ['group'], asCount: true }),
            shown('died', 'sum', 'onlyonce_dead.count', { by: ['group'], asCount: true }),
          ],
          display: 'bars',
        }),
      ],
      [
        4,
        table({
          title: 'Why attempts failed',
          queries: [
            counted('failures', {
              search: events('message.retry', 'message.dead'),
              by: [at('group'), at('reason')],
              limit: 20,
            }),
          ],
          columns: {},
        }),
      ],
      [
        4,
        lines('Dead letters and redrives', events('message.dead', 'message.redriven'), [
          '@messageId',
          '@group',
          '@attempt',
          '@reason',
        ]),
      ],
    ),
  ],
};
