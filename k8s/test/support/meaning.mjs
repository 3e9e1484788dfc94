// @ts-check
// What objects mean to a cluster, without what only the tool that made them is interested in.

/** @typedef {import('./kubectl.mjs').KubernetesObject} KubernetesObject */

/** Labels that name the tool. */
const LABELS_OF_TOOLS = ['helm.sh/chart', 'app.kubernetes.io/managed-by'];
/** Helm keeps Secrets by an annotation, and rolls pods by a checksum where Kustomize does by names with a hash. */
const ANNOTATIONS_OF_TOOLS = ['helm.sh/resource-policy', 'checksum/config'];
const GENERATED = new Set(['ConfigMap', 'Secret']);
const HASHED = /-[0-9a-z]{10}$/;

/**
 * @param {readonly KubernetesObject[]} objects of `helm template`
 * @returns {KubernetesObject[]}
 */
export function meaningOfChart(objects) {
  return objects
    .filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === undefined)
    .map((object) => meaning(withoutHelmTest(object)));
}

/**
 * @param {readonly KubernetesObject[]} objects of `kubectl kustomize`
 * @returns {KubernetesObject[]}
 */
export function meaningOfOverlay(objects) {
  const plainNames = new Map(
    objects
      .filter(({ kind, metadata }) => GENERATED.has(kind) && HASHED.test(metadata.name))
      .map(({ metadata }) => [metadata.name, metadata.name.replace(HASHED, '')]),
  );
  return objects.map((object) => meaning(renamed(object, plainNames)));
}

/**
 * @param {KubernetesObject} object
 * @returns {KubernetesObject}
 */
function meaning(object) {
  const copy = structuredClone(object);
  for (const metadata of [copy['metadata'], copy['spec']?.template?.metadata]) {
    if (!metadata) continue;
    metadata.labels = without(metadata.labels, LABELS_OF_TOOLS);
    metadata.annotations = without(metadata.annotations, ANNOTATIONS_OF_TOOLS);
  }
  for (const container of copy['spec']?.template?.spec.containers ?? []) {
    // Variables that refer to none of the others may stand in any order; a patch puts its own in front.
    const { env } = container;
    if (env && !JSON.stringify(env).includes('$(')) env.sort(byVariable);
  }
  // Passwords are made up, each time others: their keys are what counts.
  if (copy['kind'] === 'Secret') {
    for (const key of Object.keys(copy['data'] ?? {})) copy['data'][key] = 'made up';
  }
  return JSON.parse(JSON.stringify(copy));
}

/** @type {(one: { name: string }, other: { name: string }) => number} */
const byVariable = (one, other) => (one.name < other.name ? -1 : 1);

/**
 * @param {Record<string, string> | undefined} map
 * @param {readonly string[]} names
 * @returns {Record<string, string> | undefined} undefined instead of an empty one
 */
function without(map, names) {
  const left = Object.entries(map ?? {}).filter(([name]) => !names.includes(name));
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

/**
 * The pod of `helm test` is let in by the charts even where there is none.
 * @param {KubernetesObject} object
 * @returns {KubernetesObject}
 */
function withoutHelmTest(object) {
  if (object['kind'] !== 'NetworkPolicy') return object;
  const copy = structuredClone(object);
  for (const rule of copy['spec'].ingress ?? []) {
    rule.from = rule.from?.filter(
      (/** @type {KubernetesObject} */ peer) =>
        peer['podSelector']?.matchLabels?.['app.kubernetes.io/component'] !== 'helm-test',
    );
  }
  return copy;
}

/**
 * @param {any} value
 * @param {ReadonlyMap<string, string>} names
 * @returns {any} the same, each text that is one of the names replaced
 */
function renamed(value, names) {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((each) => renamed(each, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each, names)]));
}
