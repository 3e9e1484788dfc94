import { shown } from '../../queries/metrics.ts';
import { row, timeseries, type Section } from '../../widgets/build.ts';

export const longRun: Section = {
  title: 'The long run: counted from the lines as they came in, kept for 15 months',
  colour: 'vivid_green',
  rows: [
    row(
      4,
      [
        4,
        timeseries({
          title: 'Accepted against effects and dead letters',
          queries: [
            shown('accepted', 'sum', 'onlyonce.logs.accepted', { asCount: true }),
            shown('effects', 'sum', 'onlyonce.logs.effects', { by: ['group', 'outcome'], asCount: true }),
            shown('died', 'sum', 'onlyonce.logs.dead', { by: ['group'], asCount: true }),
          ],
          display: 'bars',
        }),
      ],
      [
        4,
        timeseries({
          title: 'Refused, taken over, lost at work, repeated',
          queries: [
            shown('refused', 'sum', 'onlyonce.logs.duplicates', { by: ['service', 'reason'], asCount: true }),
            shown('takeovers', 'sum', 'onlyonce.logs.takeovers', { by: ['group'], asCount: true }),
            shown('lostAtWork', 'sum', 'onlyonce.logs.lost_while_processing', {
              by: ['reason'],
              asCount: true,
            }),
            shown('retries', 'sum', 'onlyonce.logs.retries', { by: ['group'], asCount: true }),
          ],
          display: 'bars',
        }),
      ],
      [
        4,
        timeseries({
          title: 'POST to effect and processing, p99, ms',
          queries: [
            shown('postToEffect', 'p99', 'onlyonce.logs.publish_to_effect_ms', { by: ['group'] }),
            shown('processing', 'p99', 'onlyonce.logs.processing_ms', { by: ['group'] }),
          ],
        }),
      ],
    ),
    row(4, [
      12,
      timeseries({
        title: 'Won and lost per pod',
        queries: [
          shown('won', 'sum', 'onlyonce.logs.won', { by: ['pod'], asCount: true }),
          shown('lost', 'sum', 'onlyonce.logs.lost', { by: ['pod', 'reason'], asCount: true }),
        ],
        display: 'bars',
      }),
    ]),
  ],
};
