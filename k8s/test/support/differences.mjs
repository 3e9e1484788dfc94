// @ts-check

/** @typedef {import('./kubectl.mjs').KubernetesObject} KubernetesObject */

/**
 * In what two sets of objects differ, field by field; in any order of objects and keys, but not of lists.
 * @param {{ readonly [name: string]: readonly KubernetesObject[] }} sides two, by what to call them
 * @returns {string[]} such as `Service shop-order /spec/ports/0/port: 3001 in the chart, 3000 in the overlay`
 */
export function differences(sides) {
  const [one, other] = Object.keys(sides);
  if (one === undefined || other === undefined) throw new Error('two sides are to be compared');
  const ones = byName(sides[one] ?? []);
  const others = byName(sides[other] ?? []);
  return [...new Set([...ones.keys(), ...others.keys()])].sort().flatMap((name) => {
    const left = ones.get(name);
    const right = others.get(name);
    if (left === undefined) return [`${name} is only in ${other}`];
    if (right === undefined) return [`${name} is only in ${one}`];
    return fields(left, right, '').map(
      ({ at, values: [value, otherValue] }) =>
        `${name} ${at}: ${told(value)} in ${one}, ${told(otherValue)} in ${other}`,
    );
  });
}

/** @param {readonly KubernetesObject[]} objects */
function byName(objects) {
  /** @type {Map<string, KubernetesObject>} */
  const found = new Map();
  for (const object of objects) {
    const { kind, metadata } = object;
    const name = `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
    if (found.has(name)) throw new Error(`there are two of ${name}`);
    found.set(name, object);
  }
  return found;
}

/**
 * @param {any} one @param {any} other @param {string} at
 * @returns {{ at: string, values: [unknown, unknown] }[]}
 */
function fields(one, other, at) {
  if (!isContainer(one) || !isContainer(other) || Array.isArray(one) !== Array.isArray(other)) {
    return Object.is(one, other) ? [] : [{ at, values: [one, other] }];
  }
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.flatMap((key) => fields(one[key], other[key], `${at}/${key}`));
}

/** @param {unknown} value */
const isContainer = (value) => typeof value === 'object' && value !== null;

/** @param {unknown} value */
const told = (value) => (value === undefined ? 'nothing' : JSON.stringify(value));
