// @ts-check
import { describedValues } from './described-values.mjs';
import { OPEN_GROUPS, ruleFor, schemaOfType } from './rules.mjs';

/** @typedef {Record<string, any>} Schema */

/** Keys that Helm and the charts above put among a chart's own values. */
const FROM_OUTSIDE = { 'onlyonce-common': { type: 'object' } };

/** Settings that global.config may hold: both services have them, and they are useless unless the same. */
export const SHARED_SETTINGS = [
  'namespace',
  'channel',
  'resultsChannel',
  'claimStrategy',
  'retention',
  'expectedRate',
  'durability',
  'waitReplicas',
  'requireDurable',
  'logLevel',
];

/**
 * The JSON schema (draft 7) of a chart's values: exactly the keys of its values.yaml, with the types of their defaults.
 * @param {object} chart
 * @param {string} chart.name
 * @param {string} chart.values text of its values.yaml
 * @param {readonly string[]} [chart.subcharts] whose values are checked by their own schemas
 * @param {string} [chart.serviceValues] text of a service's values.yaml, for global.config
 */
export function valuesSchema({ name, values, subcharts = [], serviceValues }) {
  /** @type {Schema} */
  const root = { type: 'object', additionalProperties: false, properties: {} };
  for (const { path, meaning, type, value, isGroup } of describedValues(values)) {
    const keys = path.split('.');
    if (subcharts.includes(/** @type {string} */ (keys[0])) && keys.length > 1) continue;
    const at = keys.slice(0, -1).reduce((schema, key) => schema.properties[key], root);
    const last = /** @type {string} */ (keys.at(-1));
    /** @type {Schema} */
    const schema = isGroup
      ? { type: 'object', additionalProperties: OPEN_GROUPS[path] ?? false, properties: {} }
      : { ...(type ? schemaOfType(type, path) : { type: typeOf(value, path) }), ...ruleFor(path) };
    if (!isGroup && schema['type'] === 'integer' && schema['minimum'] === undefined) schema['minimum'] = 0;
    at.properties[last] = meaning === '' ? schema : { description: meaning, ...schema };
  }
  for (const each of subcharts) {
    root['properties'][each] = { description: `Values of helm/${each}`, type: 'object' };
  }
  if (subcharts.length === 0) openForCharts(root);
  if (serviceValues) root['properties'].global.properties.config = sharedSettings(serviceValues);
  Object.assign(root['properties'], FROM_OUTSIDE);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `Values of the chart ${name}`,
    ...root,
  };
}

/** Within another chart there are its `global` values, whatever they are, and the switch that turns this one on. */
function openForCharts(/** @type {Schema} */ root) {
  root['properties'].enabled = {
    description: 'Read by the chart that this one is part of',
    type: 'boolean',
  };
  root['properties'].global.additionalProperties = true;
}

/** @param {string} serviceValues */
function sharedSettings(serviceValues) {
  /** @type {Schema} */
  const schema = valuesSchema({ name: 'a service', values: serviceValues });
  const { properties } = schema['properties'].config;
  return {
    description: 'Settings of both services at once; they win over order.config and inventory.config',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(SHARED_SETTINGS.map((key) => [key, properties[key]])),
  };
}

/** @param {unknown} value @param {string} path */
function typeOf(value, path) {
  if (Number.isInteger(value)) return 'integer';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value;
  throw new Error(
    `values.yaml: ${path}: say the type of ${JSON.stringify(value)} by @ at the end of its comment`,
  );
}
