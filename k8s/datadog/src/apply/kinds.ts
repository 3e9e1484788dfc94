import { v1, v2, type client } from '@datadog/datadog-api-client';
import { OWN_TAG } from '../names.ts';
import { fromJson, toJson } from '../serialize.ts';
import type { Wanted } from './wanted.ts';

/** One kind of thing in Datadog, seen as JSON. */
export interface Kind {
  readonly what: string;
  readonly wanted: ReadonlyMap<string, unknown>;
  /** What is there already under these names. @throws Error when a name is taken twice */
  find(): Promise<ReadonlyMap<string, Found>>;
  create(json: unknown): Promise<void>;
  update(found: Found, json: unknown): Promise<void>;
}

export interface Found {
  readonly id: string;
  readonly json: unknown;
}

export function kindsOf(configuration: client.Configuration, wanted: Wanted): readonly Kind[] {
  return [
    pipelineKind(new v1.LogsPipelinesApi(configuration), wanted.pipelines),
    logMetricKind(new v2.LogsMetricsApi(configuration), wanted.logMetrics),
    dashboardKind(new v1.DashboardsApi(configuration), wanted.dashboards),
    monitorKind(new v1.MonitorsApi(configuration), wanted.monitors),
  ];
}

/** Found by their title. */
function dashboardKind(api: v1.DashboardsApi, wanted: Kind['wanted']): Kind {
  return {
    what: 'dashboard',
    wanted,
    find: async () => {
      const found = new Map<string, Found>();
      const titles = new Map(
        [...wanted].map(([name, json]) => [(json as { readonly title: string }).title, name]),
      );
      for await (const { title = '', id = '' } of api.listDashboardsWithPagination()) {
        const name = titles.get(title);
        if (name === undefined) continue;
        const json = toJson(await api.getDashboard({ dashboardId: id }), 'Dashboard');
        once(found, name, { id, json }, `dashboards are called "${title}"`);
      }
      return found;
    },
    create: async (json) => {
      await api.createDashboard({ body: fromJson(json, 'Dashboard') });
    },
    update: async ({ id }, json) => {
      await api.updateDashboard({ dashboardId: id, body: fromJson(json, 'Dashboard') });
    },
  };
}

/** Found by their tag `onlyonce_alert:<name>`, so that their names may be changed. */
function monitorKind(api: v1.MonitorsApi, wanted: Kind['wanted']): Kind {
  return {
    what: 'monitor',
    wanted,
    find: async () => {
      const found = new Map<string, Found>();
      for await (const monitor of api.listMonitorsWithPagination({ monitorTags: OWN_TAG })) {
        const tag = (monitor.tags ?? []).find((each) => each.startsWith('onlyonce_alert:')) ?? '';
        const name = tag.slice('onlyonce_alert:'.length);
        if (!wanted.has(name)) continue;
        once(
          found,
          name,
          { id: String(monitor.id), json: toJson(monitor, 'Monitor') },
          `monitors have the tag ${tag}`,
        );
      }
      return found;
    },
    create: async (json) => {
      await api.createMonitor({ body: fromJson(json, 'Monitor') });
    },
    update: async ({ id }, json) => {
      // The type of a monitor cannot be changed, and is not part of an update.
      const {
        name = '',
        query,
        message = '',
        priority = 3,
        tags = [],
        options = {},
      } = fromJson(json, 'Monitor');
      await api.updateMonitor({
        monitorId: Number(id),
        body: { name, query, message, priority, tags, options },
      });
    },
  };
}

/** Found by its name. */
function pipelineKind(api: v1.LogsPipelinesApi, wanted: Kind['wanted']): Kind {
  return {
    what: 'log pipeline',
    wanted,
    find: async () => {
      const found = new Map<string, Found>();
      const names = new Map(
        [...wanted].map(([name, json]) => [(json as { readonly name: string }).name, name]),
      );
      for (const pipeline of await api.listLogsPipelines()) {
        const name = names.get(pipeline.name);
        if (name === undefined || pipeline.isReadOnly) continue;
        const json = toJson(pipeline, 'LogsPipeline');
        once(found, name, { id: pipeline.id ?? '', json }, `log pipelines are called "${pipeline.name}"`);
      }
      return found;
    },
    create: async (json) => {
      await api.createLogsPipeline({ body: fromJson(json, 'LogsPipeline') });
    },
    update: async ({ id }, json) => {
      await api.updateLogsPipeline({ pipelineId: id, body: fromJson(json, 'LogsPipeline') });
    },
  };
}

/** Their id is their name. */
function logMetricKind(api: v2.LogsMetricsApi, wanted: Kind['wanted']): Kind {
  return {
    what: 'log-based metric',
    wanted,
    find: async () => {
      const { data = [] } = await api.listLogsMetrics();
      return new Map(
        data
          .filter(({ id }) => id !== undefined && wanted.has(id))
          .map((metric) => [
            metric.id ?? '',
            // A response has the form of a request, but for `data` around it.
            {
              id: metric.id ?? '',
              json: toJson({ data: metric } as v2.LogsMetricCreateRequest, 'LogsMetricCreateRequest'),
            },
          ]),
      );
    },
    create: async (json) => {
      await api.createLogsMetric({ body: fromJson(json, 'LogsMetricCreateRequest') });
    },
    update: async ({ id, json: before }, json) => {
      const { filter, groupBy = [], compute } = fromJson(json, 'LogsMetricCreateRequest').data.attributes;
      const old = fromJson(before, 'LogsMetricCreateRequest').data.attributes.compute;
      if (old.aggregationType !== compute.aggregationType || old.path !== compute.path)
        throw new Error(
          'what a log-based metric computes cannot be changed: delete it in Datadog, then apply again',
        );
      const percentiles = compute.includePercentiles;
      const attributes = {
        groupBy,
        ...(filter ? { filter } : {}),
        ...(percentiles === undefined ? {} : { compute: { includePercentiles: percentiles } }),
      };
      await api.updateLogsMetric({ metricId: id, body: { data: { type: 'logs_metrics', attributes } } });
    },
  };
}

function once(found: Map<string, Found>, name: string, one: Found, twice: string): void {
  const other = found.get(name);
  if (other) throw new Error(`two ${twice}: ${other.id} and ${one.id}; delete or rename one`);
  found.set(name, one);
}
