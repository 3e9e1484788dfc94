import { at, counted, EFFECTS, events, has, hasNot } from '../../queries/logs.ts';
import { shown } from '../../queries/metrics.ts';
import { BETTER_ZERO, row, table, timeseries, value, type Section } from '../../widgets/build.ts';

export const guard: Section = {
  title: 'The guard: duplicates, races, takeovers',
  colour: 'vivid_blue',
  rows: [
    row(
      3,
      [
        3,
        value({
          title: 'Duplicates refused',
          queries: [counted('refused', { search: events('message.duplicate') })],
        }),
      ],
      [
        3,
        table({
          title: 'Why they were refused',
          queries: [
            counted('refused', { search: events('message.duplicate'), by: ['service', at('reason')] }),
          ],
          columns: {},
        }),
      ],
      [
        3,
        value({
          title: 'Takeovers from pods that vanished',
          queries: [counted('takeovers', { search: `${events('message.recovered')} ${has('previousPod')}` })],
        }),
      ],
      [
        3,
        value({
          title: 'Locks lost while processing',
          queries: [counted('lost', { search: `${events('lock.lost')} ${has('attempt')}` })],
          colours: BETTER_ZERO,
        }),
      ],
    ),
    row(
      4,
      [
        4,
        timeseries({
          title: 'Wins per pod',
          queries: [shown('won', 'sum', 'onlyonce_messages_won.count', { by: ['pod'], asCount: true })],
          display: 'bars',
        }),
      ],
      [
        4,
        timeseries({
          title: 'Losses per pod',
          queries: [shown('lost', 'sum', 'onlyonce_messages_lost.count', { by: ['pod'], asCount: true })],
          display: 'bars',
        }),
      ],
      [
        4,
        table({
          title: 'Per pod: won, lost, effects',
          queries: [
            counted('won', { search: events('lock.won'), by: [at('pod')], limit: 50 }),
            counted('lost', {
              search: `${events('lock.lost')} ${hasNot('attempt')}`,
              by: [at('pod')],
              limit: 50,
            }),
            counted('effects', { search: EFFECTS, by: [at('pod')], limit: 50 }),
          ],
          columns: {},
        }),
      ],
    ),
    row(
      4,
      [
        6,
        timeseries({
          title: 'Duplicates refused, takeovers, recovered, locks lost at work',
          queries: [
            shown('refused', 'sum', 'onlyonce_duplicates_refused.count', { asCount: true }),
            shown('takeovers', 'sum', 'onlyonce_takeovers.count', { asCount: true }),
            shown('recovered', 'sum', 'onlyonce_recovered.count', { asCount: true }),
            shown('lostAtWork', 'sum', 'onlyonce_locks_lost_while_processing.count', { asCount: true }),
          ],
          display: 'bars',
        }),
      ],
      [
        6,
        table({
          title: 'Who took over from whom',
          queries: [
            counted('takeovers', {
              search: `${events('message.recovered')} ${has('previousPod')}`,
              by: [at('previousPod'), at('pod')],
              limit: 20,
            }),
          ],
          columns: {},
        }),
      ],
    ),
  ],
};
