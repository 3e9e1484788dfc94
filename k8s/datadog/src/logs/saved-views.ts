import type { Field, TagOfLogs } from '../emitted/logs.ts';
import { LOGS_OF } from '../names.ts';
import { EFFECTS, events, has } from '../queries/logs.ts';

export interface SavedView {
  readonly name: string;
  readonly about: string;
  readonly query: string;
  readonly columns: readonly (TagOfLogs | `@${Field}`)[];
}

const view = (
  name: string,
  about: string,
  search: string,
  columns: SavedView['columns'] = ['@messageId', '@group', '@pod', '@event'],
): SavedView => ({ name, about, query: `${LOGS_OF} ${search}`, columns });

/** Datadog has no public API for saved views: each is an address that opens it; "Save" there keeps it. */
export const savedViews: readonly SavedView[] = [
  view(
    'Onlyonce: one message',
    'everything about one message: put its id in place of the star',
    has('messageId'),
    ['service', '@pod', '@event', '@messageId', '@attempt', '@fencingToken', '@reason'],
  ),
  view('Onlyonce: effects', 'each effect, one line per message and group', EFFECTS, [
    '@messageId',
    '@group',
    '@pod',
    '@outcome',
    '@fencingToken',
    '@sincePublishedMs',
  ]),
  view('Onlyonce: accepted', 'orders accepted', events('order.accepted'), ['@messageId', '@channel', '@pod']),
  view('Onlyonce: duplicates refused', 'second effects that were stopped', events('message.duplicate'), [
    '@messageId',
    '@group',
    '@pod',
    '@reason',
  ]),
  view(
    'Onlyonce: takeovers',
    'messages taken over from pods that vanished',
    `${events('message.recovered')} ${has('previousPod')}`,
    ['@messageId', '@group', '@previousPod', '@pod', '@attempt'],
  ),
  view('Onlyonce: retries', 'attempts that failed', events('message.retry'), [
    '@messageId',
    '@group',
    '@attempt',
    '@reason',
    '@retryInMs',
  ]),
  view(
    'Onlyonce: dead letters',
    'what waits for a person, and what was sent back',
    events('message.dead', 'message.redriven'),
    ['@messageId', '@group', '@attempt', '@reason'],
  ),
  view(
    'Onlyonce: races and give-backs',
    'who heard, won, lost and gave back',
    events('message.received', 'lock.won', 'lock.lost', 'message.released'),
    ['@messageId', '@group', '@pod', '@event', '@fencingToken', '@reason'],
  ),
  view('Onlyonce: stock set by hand', 'what a proof of the stock has to add', events('stock.set'), [
    '@pod',
    '@item',
    '@previous',
    '@quantity',
  ]),
  view('Onlyonce: guarantee', 'what the pods said of the guarantee', events('guarantee'), [
    'service',
    '@pod',
    '@acceptance',
    '@weaknesses',
  ]),
  view(
    'Onlyonce: engine trouble',
    'warnings and errors that belong to no message',
    '@event:engine.* status:(warn OR error)',
    ['service', '@pod', '@event', '@error.message'],
  ),
];

/** Where a view opens. @param app such as https://app.datadoghq.com */
export function viewUrl({ query, columns }: SavedView, app: string): string {
  const parameters = new URLSearchParams({
    query,
    cols: ['status', 'timestamp', ...columns].join(','),
    viz: 'stream',
    live: 'true',
  });
  return `${app}/logs?${parameters.toString()}`;
}
