import { at, counted, EFFECTS, events } from '../../queries/logs.ts';
import { shown } from '../../queries/metrics.ts';
import { BETTER_ZERO, note, row, table, timeseries, value, type Section } from '../../widgets/build.ts';

const accepted = counted('accepted', { search: events('order.accepted') });
const processed = counted('processed', { search: events('message.processed') });
const rejected = counted('rejected', { search: events('message.rejected') });
const dead = counted('dead', { search: events('message.dead') });
const published = shown('published', 'sum', 'onlyonce_published.count', {
  where: ['result:accepted'],
  asCount: true,
});
const settled = shown('settled', 'sum', 'onlyonce_messages_processed.count', { asCount: true });
const died = shown('died', 'sum', 'onlyonce_dead.count', { asCount: true });

export const verdict: Section = {
  title: 'Did each message take effect once?',
  colour: 'vivid_green',
  rows: [
    row(
      4,
      [
        4,
        note(
          '**How to read it.** Choose one `group` (such as `inventory`) and a time that begins before the first order and ends ' +
            'after the last was settled.\n\n' +
            '1. *Accepted* equals *effects* (+ *dead letters*, which a person decides).\n' +
            '2. The table *More than one effect* is **empty**. An effect is one line with its pod, token and time; a line that the log ' +
            'shipper delivered twice counts once.\n' +
            '3. *Duplicates refused* is the guard at work: second effects that were stopped.\n\n' +
            'Lines can be lost on their way here. What decides is `make verify` (docs/verify.md): it reads the same lines and asks the store.',
        ),
      ],
      [2, value({ title: 'Accepted orders', queries: [accepted] })],
      [
        2,
        value({
          title: 'Effects (confirmed and rejected)',
          queries: [processed, rejected],
          formulas: { effects: 'processed + rejected' },
        }),
      ],
      [
        2,
        value({
          title: 'Accepted and not settled (of one group)',
          queries: [accepted, processed, rejected, dead],
          formulas: { open: 'accepted - processed - rejected - dead' },
          colours: BETTER_ZERO,
        }),
      ],
      [2, value({ title: 'Dead letters', queries: [dead], colours: BETTER_ZERO })],
    ),
    row(
      5,
      [
        7,
        table({
          title: 'More than one effect: must be empty',
          queries: [
            counted('effects', {
              search: EFFECTS,
              compute: { of: 'effect', as: 'cardinality' },
              by: [at('group'), at('messageId')],
              limit: 100,
            }),
          ],
          formulas: { 'effects of the message': 'cutoff_min(effects, 2)' },
          columns: { 'effects of the message': [{ comparator: '>', value: 1, palette: 'white_on_red' }] },
          rows: 100,
        }),
      ],
      [
        5,
        timeseries({
          title: 'Accepted against settled, counted by the pods themselves',
          queries: [published, settled, died],
          formulas: { accepted: 'published', settled: 'settled', dead: 'died' },
          display: 'bars',
        }),
      ],
    ),
  ],
};
