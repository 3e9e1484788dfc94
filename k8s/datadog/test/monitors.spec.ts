import { describe, expect, it } from '@jest/globals';
import { alerts } from '../src/monitors/monitors.ts';
import { committed } from './support/generated.ts';

interface Monitor {
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly message: string;
  readonly tags: readonly string[];
  readonly options: { readonly thresholds: { readonly critical: number; readonly warning?: number } };
}

const monitors = [...committed()]
  .filter(([path]) => path.startsWith('monitors/'))
  .map(([path, json]) => [path.slice('monitors/'.length, -'.json'.length), json as Monitor] as const);

describe.each(monitors)('monitor %s', (name, monitor) => {
  it('fires at the threshold that its query has; Datadog refuses it otherwise', () => {
    const [, comparator, number] = / ([<>]) ([\d.]+)$/.exec(monitor.query) ?? [];
    const { critical, warning } = monitor.options.thresholds;
    expect(Number(number)).toBe(critical);
    if (warning !== undefined)
      expect(comparator === '>' ? warning < critical : warning > critical).toBe(true);
  });

  it('says what to do, and links to its heading in the runbook', () => {
    expect(monitor.message).toMatch(/\n1\. \S/);
    expect(monitor.message).toContain(`docs/runbook.md#alert-${name}\n`);
    expect(monitor.tags).toContain(`onlyonce_alert:${name}`);
  });

  it('names only things that it is grouped by', () => {
    const log = /\.by\("([^"]*)"\)/.exec(monitor.query)?.[1];
    const grouped = (log ?? / by \{([^}]*)\}/.exec(monitor.query)?.[1] ?? '').split(',');
    const named = [...monitor.message.matchAll(/\{\{(@?\w+)\.name\}\}/g)].map(([, tag]) => tag);
    expect(named.filter((tag) => !grouped.includes(tag ?? ''))).toEqual([]);
  });

  it('opens and closes each condition of its message', () => {
    const open = [...monitor.message.matchAll(/\{\{[#^](\w+)\}\}/g)].map(([, what]) => what);
    const closed = [...monitor.message.matchAll(/\{\{\/(\w+)\}\}/g)].map(([, what]) => what);
    expect(open).toEqual(closed);
  });
});

it('each monitor has a name of its own', () => {
  expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
  expect(new Set(monitors.map(([, { name }]) => name)).size).toBe(alerts.length);
});
