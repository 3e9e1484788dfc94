// @ts-check

/**
 * The little of JSON Schema that certificate.schema.json uses; fields that it does not name are faults.
 * @param {any} schema
 * @param {any} value
 * @param {string} [path]
 * @returns {string[]} what does not match
 */
export function matches(schema, value, path = '') {
  if (schema.const !== undefined) return value === schema.const ? [] : [`${path} is not ${schema.const}`];
  if (schema.enum) return schema.enum.includes(value) ? [] : [`${path} is none of ${schema.enum.join(', ')}`];
  const types = [schema.type].flat();
  if (!types.includes(typeOf(value))) return [`${path} is no ${types.join(' or ')}`];
  if (Array.isArray(value))
    return value.flatMap((item, index) => matches(schema.items ?? {}, item, `${path}[${index}]`));
  if (typeOf(value) !== 'object') return [];
  const { properties = {}, required = [], additionalProperties } = schema;
  return [
    ...required
      .filter((/** @type {string} */ name) => !(name in value))
      .map((/** @type {string} */ name) => `${path}.${name} is missing`),
    ...Object.entries(value).flatMap(([name, field]) => {
      const rule = properties[name] ?? additionalProperties;
      return rule ? matches(rule, field, `${path}.${name}`) : [`${path}.${name} is unknown`];
    }),
  ];
}

/** @param {unknown} value */
function typeOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}
