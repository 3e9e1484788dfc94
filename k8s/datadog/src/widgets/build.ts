import type { v1 } from '@datadog/datadog-api-client';
import { forWidget } from '../queries/logs.ts';

type Query = v1.FormulaAndFunctionMetricQueryDefinition | v1.FormulaAndFunctionEventQueryDefinition;
type Definition = Exclude<v1.WidgetDefinition, { _data: unknown }>;

export interface Shown {
  readonly title: string;
  readonly queries: readonly Query[];
  /** Alias to formula over the names of the queries; without it each query as it is. */
  readonly formulas?: Readonly<Record<string, string>>;
}

const formulasOf = ({ queries, formulas }: Shown): v1.WidgetFormula[] =>
  formulas
    ? Object.entries(formulas).map(([alias, formula]) => ({ alias, formula }))
    : queries.map(({ name }) => ({ formula: name }));

type Palette = v1.WidgetPalette;
const palette = (
  comparator: v1.WidgetComparator,
  value: number,
  colour: Palette,
): v1.WidgetConditionalFormat => ({
  comparator,
  value,
  palette: colour,
});

/** Green at zero, red above: for what must not be. */
export const MUST_BE_ZERO = [palette('<=', 0, 'white_on_green'), palette('>', 0, 'white_on_red')];
/** Yellow above zero: worth a look, and no fault of the guarantee. */
export const BETTER_ZERO = [palette('<=', 0, 'white_on_green'), palette('>', 0, 'white_on_yellow')];

export function value(
  shown: Shown & { readonly colours?: readonly v1.WidgetConditionalFormat[]; readonly unit?: string },
): v1.QueryValueWidgetDefinition {
  const [formula] = formulasOf(shown);
  if (!formula) throw new Error(`${shown.title}: one formula is shown`);
  return {
    type: 'query_value',
    title: shown.title,
    autoscale: shown.unit === undefined,
    precision: 2,
    ...(shown.unit === undefined ? {} : { customUnit: shown.unit }),
    requests: [
      {
        responseFormat: 'scalar',
        queries: [...shown.queries],
        formulas: [formula],
        ...(shown.colours ? { conditionalFormats: [...shown.colours] } : {}),
      },
    ],
  };
}

export function timeseries(
  shown: Shown & { readonly display?: v1.WidgetDisplayType; readonly markers?: readonly v1.WidgetMarker[] },
): v1.TimeseriesWidgetDefinition {
  return {
    type: 'timeseries',
    title: shown.title,
    showLegend: true,
    legendLayout: 'auto',
    requests: [
      {
        responseFormat: 'timeseries',
        displayType: shown.display ?? 'line',
        queries: [...shown.queries],
        formulas: formulasOf(shown),
      },
    ],
    ...(shown.markers ? { markers: [...shown.markers] } : {}),
  };
}

export function table(
  shown: Shown & {
    readonly columns: Readonly<Record<string, readonly v1.WidgetConditionalFormat[]>>;
    readonly rows?: number;
  },
): v1.TableWidgetDefinition {
  return {
    type: 'query_table',
    title: shown.title,
    hasSearchBar: 'auto',
    requests: [
      {
        responseFormat: 'scalar',
        queries: [...shown.queries],
        formulas: formulasOf(shown).map((formula, index) => {
          const colours = shown.columns[formula.alias ?? formula.formula] ?? [];
          return {
            ...formula,
            ...(index === 0 ? { limit: { count: shown.rows ?? 50, order: 'desc' as const } } : {}),
            ...(colours.length > 0 ? { conditionalFormats: [...colours] } : {}),
          };
        }),
      },
    ],
  };
}

/** Log lines themselves. */
export function lines(
  title: string,
  search: string,
  columns: readonly string[],
): v1.ListStreamWidgetDefinition {
  return {
    type: 'list_stream',
    title,
    requests: [
      {
        responseFormat: 'event_list',
        query: {
          dataSource: 'logs_stream',
          queryString: forWidget(search),
          indexes: [],
          sort: { column: 'timestamp', order: 'desc' },
        },
        columns: [
          { field: 'status_line', width: 'auto' },
          { field: 'timestamp', width: 'auto' },
          ...columns.map((field): v1.ListStreamColumn => ({ field, width: 'auto' })),
        ],
      },
    ],
  };
}

export function note(content: string): v1.NoteWidgetDefinition {
  return {
    type: 'note',
    content,
    backgroundColor: 'white',
    fontSize: '14',
    textAlign: 'left',
    verticalAlign: 'top',
    showTick: false,
    hasPadding: true,
  };
}

/** Widgets of one height, side by side over the 12 columns. */
export interface Row {
  readonly height: number;
  readonly widgets: readonly (readonly [width: number, definition: Definition])[];
}

export const row = (height: number, ...widgets: Row['widgets']): Row => ({ height, widgets });

const COLUMNS = 12;

/** A titled group of rows; its place is found by `stacked`. */
export interface Section {
  readonly title: string;
  readonly colour: 'vivid_blue' | 'vivid_green' | 'vivid_orange' | 'vivid_purple' | 'gray';
  readonly rows: readonly Row[];
}

/** Groups below each other, each with its rows, all places fixed. */
export function stacked(sections: readonly Section[]): v1.Widget[] {
  let top = 0;
  return sections.map(({ title, colour, rows }) => {
    const widgets = placed(rows);
    const height = rows.reduce((sum, { height: each }) => sum + each, 0) + 1;
    const layout = { x: 0, y: top, width: COLUMNS, height };
    top += height;
    return {
      definition: {
        type: 'group',
        layoutType: 'ordered',
        title,
        showTitle: true,
        backgroundColor: colour,
        widgets,
      },
      layout,
    };
  });
}

function placed(rows: readonly Row[]): v1.Widget[] {
  let y = 0;
  return rows.flatMap(({ height, widgets }) => {
    let x = 0;
    const inRow = widgets.map(([width, definition]): v1.Widget => {
      const layout = { x, y, width, height };
      x += width;
      return { definition, layout };
    });
    if (x > COLUMNS) throw new Error(`a row of ${x} columns; there are ${COLUMNS}`);
    y += height;
    return inRow;
  });
}
