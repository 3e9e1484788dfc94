import { texts } from './generated.ts';

export interface MetricUse {
  readonly metric: string;
  readonly tags: readonly string[];
}

/** Metric queries in a text: `max:name{a:b,$c} by {d}`. */
export function metricUses(text: string): MetricUse[] {
  return [...text.matchAll(/\b(?:sum|avg|max|min|p\d\d):([\w.]+)\{([^}]*)\}(?: by \{([^}]*)\})?/g)].map(
    ([, metric = '', scope = '', by = '']) => ({
      metric,
      tags: [
        ...scope
          .split(/,(?![^(]*\))| AND /)
          .filter((part) => part !== '*')
          .map((part) => part.replace(/^\$/, '').replace(/(:| IN ).*$/, '')),
        ...by.split(','),
      ].filter((tag) => tag !== ''),
    }),
  );
}

export interface LogUse {
  readonly events: readonly string[];
  /** Attributes, without their `@`. */
  readonly fields: readonly string[];
  /** Reserved attributes and tags. */
  readonly tags: readonly string[];
}

/** What a log search, a facet path or a column speaks of. */
export function logUse(text: string): LogUse {
  const events = [...text.matchAll(/@event:(?:\(([^)]*)\)|([\w.*]+))/g)].flatMap(([, many, one]) =>
    many === undefined ? [one ?? ''] : many.split(' OR '),
  );
  const fields = [...text.matchAll(/@([\w.]+)/g)].map(([, field = '']) => field);
  const bare = text.replace(/@[\w.]+(:\([^)]*\)|:[^\s"]*)?/g, '');
  const tags = [
    ...[...bare.matchAll(/(?:^|[\s("-])([a-z_]+):/g)].map(([, tag = '']) => tag),
    ...[...bare.matchAll(/\$(\w+)/g)].map(([, tag = '']) => tag),
  ];
  return { events, fields, tags };
}

/** The texts of one generated file that are searches, facets, paths or columns of logs. */
export function logTexts(path: string, json: unknown): string[] {
  const all = [...texts(json)];
  if (path.startsWith('logs/metrics/'))
    return all.filter(([key]) => key === 'query' || key === 'path').map(([, text]) => text);
  if (path.startsWith('monitors/')) {
    const query = all.find(([key]) => key === 'query')?.[1] ?? '';
    return query.startsWith('logs(') ? [query] : [];
  }
  if (path === 'logs/facets.json') return all.filter(([key]) => key === 'path').map(([, text]) => text);
  if (path === 'logs/saved-views.json')
    return all.filter(([key]) => key === 'query' || key === 'columns').map(([, text]) => text);
  if (path === 'logs/pipeline.json') {
    const sources = all.filter(([key]) => key === 'sources').map(([, text]) => `@${text}`);
    const templates = all
      .filter(([key]) => key === 'template')
      .flatMap(([, text]) => [...text.matchAll(/%\{([\w.]+)\}/g)].map(([, name]) => `@${name ?? ''}`));
    return [...sources, ...templates, ...all.filter(([key]) => key === 'query').map(([, text]) => text)];
  }
  if (path.startsWith('dashboards/')) {
    const keys = ['facet', 'field', 'query_string', 'metric'];
    const searches = all.filter(([key, text]) => key === 'query' && text.includes('source:nodejs'));
    return [...searches, ...all.filter(([key]) => keys.includes(key))].map(([, text]) => text);
  }
  return [];
}
