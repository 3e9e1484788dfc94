import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { metricDefinitions } from '@onlyonce/nestjs';
import { processMetrics } from '../src/emitted/metrics.ts';
import { alerts } from '../src/monitors/monitors.ts';

const repository = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, repository), 'utf8');
const page = read('docs/runbook.md');
const headings = [...page.matchAll(/^#{2,3} (.+)$/gm)].map(([, text]) => text ?? '');
/** As GitHub makes them. */
const anchors = headings.map((text) =>
  text
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-'),
);

describe('docs/runbook.md', () => {
  it('has one heading for each alert, where the monitors link to, and none for others', () => {
    const found = anchors.filter((anchor) => anchor.startsWith('alert-'));
    expect([...found].sort()).toEqual(alerts.map(({ name }) => `alert-${name}`).sort());
  });

  it('says of each alert what it means, how to look, what to do and when to worry', () => {
    for (const section of page.split(/^### /m).filter((text) => text.startsWith('alert-'))) {
      const parts = [...section.matchAll(/^\*\*(\w+)\*\*/gm)].map(([, word]) => word);
      expect([section.split('\n')[0], parts]).toEqual([
        section.split('\n')[0],
        ['Means', 'Look', 'Do', 'Worry'],
      ]);
    }
  });

  it("sends whoever comes from an alert of the charts' PrometheusRule to the same place", () => {
    const rules = read('helm/common/templates/_monitoring.tpl').matchAll(/- alert: (\w+)/g);
    for (const [, name = ''] of rules)
      expect(page).toMatch(new RegExp(`\`${name}\` \\| \\[([\\w-]+)\\]\\(#alert-\\1\\)`));
  });

  it('links to headings and files that exist', () => {
    for (const [, target = ''] of page.matchAll(/\]\(([^)]+)\)/g)) {
      const [path = '', anchor] = target.split('#');
      if (path === '') expect(anchors).toContain(anchor);
      else expect([path, existsSync(new URL(path, new URL('docs/', repository)))]).toEqual([path, true]);
    }
  });

  it('names only settings and metrics that there are', () => {
    const text = page.replace(/^```sh[^]*?^```/gm, '');
    const settings = [...text.matchAll(/`([A-Z]+(?:_[A-Z]+)+)(?:[`= ])/g)].map(([, name]) => name ?? '');
    const known = [...read('docs/configuration.md').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);
    // Codes of errors, and a constant of the sources.
    const others = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);
    expect(settings.length).toBeGreaterThan(20);
    expect(settings.filter((name) => ![...known, ...others, 'LAYOUT_VERSION'].includes(name))).toEqual([]);
    const metrics = [...page.matchAll(/`((?:onlyonce|nodejs)_\w+)`/g)].map(([, name]) => name ?? '');
    const emitted = [...Object.keys(metricDefinitions), ...Object.keys(processMetrics)];
    expect(metrics.filter((name) => !emitted.includes(name))).toEqual([]);
  });

  it('names the version of the layout where the sources have it', () => {
    expect(read('packages/redis/src/store/layout.ts')).toContain('export const LAYOUT_VERSION');
  });
});
