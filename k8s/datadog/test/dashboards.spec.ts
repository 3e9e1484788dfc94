import { describe, expect, it } from '@jest/globals';
import { committed } from './support/generated.ts';

interface Widget {
  readonly layout: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  readonly definition: {
    readonly title?: string;
    readonly type: string;
    readonly widgets?: readonly Widget[];
    readonly requests?: readonly {
      readonly queries?: readonly {
        readonly name: string;
        readonly group_by?: readonly { readonly facet: string }[];
      }[];
      readonly formulas?: readonly { readonly formula: string }[];
    }[];
  };
}

const dashboards = [...committed()]
  .filter(([path]) => path.startsWith('dashboards/'))
  .map(
    ([path, json]) =>
      [path, json as { readonly title: string; readonly widgets: readonly Widget[] }] as const,
  );

describe.each(dashboards)('%s', (_, { widgets }) => {
  const inner = widgets.flatMap(({ definition }) => definition.widgets ?? []);

  it('has its widgets inside their groups, none upon another', () => {
    for (const { layout, definition } of widgets) {
      const taken = new Set<string>();
      for (const { layout: place } of definition.widgets ?? []) {
        expect(place.x + place.width).toBeLessThanOrEqual(12);
        expect(place.y + place.height).toBeLessThanOrEqual(layout.height - 1);
        for (let x = place.x; x < place.x + place.width; x += 1)
          for (let y = place.y; y < place.y + place.height; y += 1) {
            expect(taken.has(`${x},${y}`)).toBe(false);
            taken.add(`${x},${y}`);
          }
      }
    }
  });

  it('computes only with queries that the widget has, each used', () => {
    for (const { definition } of inner) {
      for (const { queries = [], formulas = [] } of definition.requests ?? []) {
        const names = queries.map(({ name }) => name);
        const used = formulas.flatMap(({ formula }) =>
          [...formula.matchAll(/[a-z]\w*(?!\w*\()/gi)]
            .map(([name]) => name)
            .filter((name) => name !== 'cutoff_min'),
        );
        expect([definition.title, [...new Set(used)].toSorted()]).toEqual([
          definition.title,
          names.toSorted(),
        ]);
      }
    }
  });

  it('has tables whose columns are grouped alike', () => {
    for (const { definition } of inner.filter((widget) => widget.definition.type === 'query_table')) {
      const groups = (definition.requests ?? []).flatMap(({ queries = [] }) =>
        queries.map(({ group_by: by = [] }) => by.map(({ facet }) => facet).join()),
      );
      expect([definition.title, new Set(groups).size]).toEqual([definition.title, 1]);
    }
  });

  it('has a title on each widget', () => {
    expect(inner.filter(({ definition }) => definition.type !== 'note' && !definition.title)).toEqual([]);
  });
});

it('the proof has what a proof needs', () => {
  const proof = dashboards.find(([path]) => path.includes('exactly-once-proof'))?.[1];
  const titles = (proof?.widgets ?? []).flatMap(({ definition }) =>
    (definition.widgets ?? []).map((each) => each.definition.title ?? ''),
  );
  for (const wanted of [
    /accepted against/i,
    /must be empty/i,
    /duplicates refused/i,
    /wins per pod/i,
    /losses per pod/i,
    /takeovers/i,
    /attempts that failed/i,
    /dead letters/i,
    /backlog: depth/i,
    /age of the oldest/i,
    /POST to effect/,
    /redis memory/i,
    /fsync/i,
  ]) {
    expect(titles).toContainEqual(expect.stringMatching(wanted));
  }
});
