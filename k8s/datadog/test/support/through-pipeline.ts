type Json = Record<string, unknown>;

interface Processor {
  readonly type: string;
  readonly sources?: readonly string[];
  readonly target?: string;
  readonly target_type?: string;
  readonly preserve_source?: boolean;
  readonly template?: string;
  readonly filter?: { readonly query: string };
  readonly processors?: readonly Processor[];
}
export interface Pipeline {
  readonly processors: readonly Processor[];
}

/** A log as Datadog has it when the pipeline is through. */
export interface Log {
  /** Official ones, by the kind of remapper that set them. */
  readonly official: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly attributes: Json;
}

const at = (json: Json, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Json | undefined)?.[key], json);

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** As much of Datadog's log processing as the pipeline uses, by its documentation. */
export function throughPipeline({ processors }: Pipeline, line: Json): Log {
  const official: Json = {};
  const tags: Record<string, string> = {};
  const attributes: Json = structuredClone(line);

  const run = ({ type, sources = [], target = '', ...how }: Processor): void => {
    const source = sources.find((path) => at(attributes, path) !== undefined);
    const value = source === undefined ? undefined : at(attributes, source);
    switch (type) {
      case 'pipeline':
        if (matches(how.filter?.query ?? '', attributes)) (how.processors ?? []).forEach(run);
        return;
      case 'string-builder-processor':
        attributes[target] = (how.template ?? '').replace(/%\{([\w.]+)\}/g, (_, path: string) =>
          textOf(at(attributes, path)),
        );
        return;
      case 'attribute-remapper':
        if (source === undefined || typeof value === 'object') return;
        if (how.target_type === 'tag') tags[target] ??= textOf(value);
        else if (at(attributes, target) === undefined) attributes[target] = value;
        if (!how.preserve_source) Reflect.deleteProperty(attributes, source);
        return;
      default:
        if (!type.endsWith('-remapper')) throw new Error(`no such processor here: ${type}`);
        if (value !== undefined) official[type] = value;
    }
  };
  processors.forEach(run);
  return { official, tags, attributes };
}

function matches(query: string, attributes: Json): boolean {
  const events = /^@event:\(([^)]*)\)$/.exec(query)?.[1]?.split(' OR ');
  if (!events) throw new Error(`no such filter here: ${query}`);
  return events.includes(String(attributes['event']));
}
