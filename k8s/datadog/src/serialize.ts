import { createRequire } from 'node:module';
import type { v1, v2 } from '@datadog/datadog-api-client';

interface Serializer {
  serialize(data: unknown, type: string, format: string): unknown;
  deserialize(data: unknown, type: string, format: string): unknown;
}

// The client does not show its serializer; it is what turns models into what goes over the wire.
const require = createRequire(import.meta.url);
const serializer = (version: 'v1' | 'v2'): Serializer =>
  (
    require(
      `@datadog/datadog-api-client/dist/packages/datadog-api-client-${version}/models/ObjectSerializer.js`,
    ) as { ObjectSerializer: Serializer }
  ).ObjectSerializer;

const versions = {
  Dashboard: serializer('v1'),
  Monitor: serializer('v1'),
  LogsPipeline: serializer('v1'),
  LogsMetricCreateRequest: serializer('v2'),
};

export interface Models {
  readonly Dashboard: v1.Dashboard;
  readonly Monitor: v1.Monitor;
  readonly LogsPipeline: v1.LogsPipeline;
  readonly LogsMetricCreateRequest: v2.LogsMetricCreateRequest;
}
export type ModelName = keyof Models;

/** What the API is sent, and what Datadog imports. */
export function toJson<Name extends ModelName>(model: Models[Name], name: Name): unknown {
  // Through text, which drops what is undefined.
  return JSON.parse(JSON.stringify(versions[name].serialize(model, name, ''))) as unknown;
}

export function fromJson<Name extends ModelName>(json: unknown, name: Name): Models[Name] {
  return versions[name].deserialize(json, name, '') as Models[Name];
}

/**
 * Where the official models do not know what stands in a JSON: the client keeps such things aside without a word, and
 * Datadog ignores or refuses them.
 * @returns paths, empty when all is known
 */
export function unknownIn(json: unknown, name: ModelName): string[] {
  const found: string[] = [];
  look(fromJson(json, name), name, found);
  return found;
}

function look(value: unknown, path: string, found: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      look(item, `${path}[${index}]`, found);
    });
    return;
  }
  if ('_data' in value) {
    found.push(`${path}: ${JSON.stringify(value._data).slice(0, 200)}`);
    return;
  }
  for (const [key, each] of Object.entries(value)) {
    if (key === 'additionalProperties' && each !== undefined) {
      found.push(`${path}: ${Object.keys(each as object).join(', ')}`);
    } else if (key !== '_unparsed') look(each, `${path}.${key}`, found);
  }
}
