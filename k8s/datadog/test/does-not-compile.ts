// Each of these must be refused by the compiler: `tsc -b` fails when one of them is not.
import type { v1 } from '@datadog/datadog-api-client';
import { at, events } from '../src/queries/logs.ts';
import { metric, shown } from '../src/queries/metrics.ts';

// @ts-expect-error -- no widget has this type
export const widget: v1.WidgetDefinition = { type: 'query_valu', requests: [] };

export const title: v1.TimeseriesWidgetDefinition = {
  type: 'timeseries',
  requests: [],
  // @ts-expect-error -- it is called title
  titel: 'typing error',
};

export const monitor: v1.Monitor = {
  // @ts-expect-error -- no such type of monitor
  type: 'metrics alert',
  query: '',
};

// @ts-expect-error -- nobody emits this metric
export const missing = metric('sum', 'onlyonce_messages_wonn.count');
// @ts-expect-error -- a counter arrives as .count
export const counter = metric('sum', 'onlyonce_messages_won_total');
// @ts-expect-error -- it is not sent: its labels are given to the others
export const info = metric('sum', 'onlyonce_build_info');
// @ts-expect-error -- published has a channel and a result, and no group
export const tag = metric('sum', 'onlyonce_published.count', { by: ['group'] });
// @ts-expect-error -- only buckets have bounds
export const bound = shown('a', 'sum', 'onlyonce_commit_seconds.count', { where: ['upper_bound:0.1'] });
// @ts-expect-error -- nothing is logged under this name
export const event = events('message.proccessed');
// @ts-expect-error -- no line has this field
export const field = at('messageID');
