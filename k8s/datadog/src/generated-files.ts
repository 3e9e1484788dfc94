import { podAnnotations } from './agent/annotations.ts';
import { exactlyOnceProof } from './dashboards/exactly-once-proof.ts';
import { operations } from './dashboards/operations.ts';
import { facets } from './logs/facets.ts';
import { logMetrics } from './logs/log-metrics.ts';
import { pipeline } from './logs/pipeline.ts';
import { savedViews, viewUrl } from './logs/saved-views.ts';
import { monitors } from './monitors/monitors.ts';
import { toJson } from './serialize.ts';

export const dashboards = { 'exactly-once-proof': exactlyOnceProof, operations } as const;

const APP = 'https://app.datadoghq.com';

/** All that `make datadog` writes: path below generated/ to content. */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, unknown>();
  for (const [name, dashboard] of Object.entries(dashboards))
    files.set(`dashboards/${name}.json`, toJson(dashboard, 'Dashboard'));
  for (const [name, monitor] of monitors) files.set(`monitors/${name}.json`, toJson(monitor, 'Monitor'));
  files.set('logs/pipeline.json', toJson(pipeline, 'LogsPipeline'));
  for (const [id, metric] of logMetrics)
    files.set(`logs/metrics/${id}.json`, toJson(metric, 'LogsMetricCreateRequest'));
  files.set('logs/facets.json', facets);
  files.set(
    'logs/saved-views.json',
    savedViews.map((view) => ({ ...view, url: viewUrl(view, APP) })),
  );
  files.set('agent/annotations.json', podAnnotations);
  return new Map([...files].map(([path, content]) => [path, `${JSON.stringify(content, null, 2)}\n`]));
}
