// @ts-check
// The JSON schemas of Kubernetes and of the custom resources that the charts make, compiled by kubernetes-models.
// They let unknown fields pass, as Kubernetes' own do, so the object is watched while it is validated: a field that no
// schema ever looked at is unknown.
import { join } from 'node:path';

/** @typedef {((data: unknown) => boolean) & { errors?: unknown }} Validate */

const NODE_MODULES = join(import.meta.dirname, '../../../node_modules');

/** One npm alias for each version of Kubernetes. */
export const KUBERNETES_VERSIONS = ['1.33', '1.34'];

/** @type {Readonly<Record<string, string>>} */
const BUILT_IN = {
  'apps/v1 Deployment': 'IoK8sApiAppsV1Deployment',
  'apps/v1 StatefulSet': 'IoK8sApiAppsV1StatefulSet',
  'v1 ConfigMap': 'IoK8sApiCoreV1ConfigMap',
  'v1 Namespace': 'IoK8sApiCoreV1Namespace',
  'v1 Secret': 'IoK8sApiCoreV1Secret',
  'v1 Service': 'IoK8sApiCoreV1Service',
  'v1 ServiceAccount': 'IoK8sApiCoreV1ServiceAccount',
  'v1 Pod': 'IoK8sApiCoreV1Pod',
  'policy/v1 PodDisruptionBudget': 'IoK8sApiPolicyV1PodDisruptionBudget',
  'networking.k8s.io/v1 NetworkPolicy': 'IoK8sApiNetworkingV1NetworkPolicy',
  'networking.k8s.io/v1 Ingress': 'IoK8sApiNetworkingV1Ingress',
  'autoscaling/v2 HorizontalPodAutoscaler': 'IoK8sApiAutoscalingV2HorizontalPodAutoscaler',
};

/** @type {Readonly<Record<string, string>>} */
const CUSTOM = {
  'keda.sh/v1alpha1 ScaledObject':
    '@kubernetes-models/keda/_schemas/ComGithubKedacoreKedaV2ApisKedaV1alpha1ScaledObject',
  'gateway.networking.k8s.io/v1 HTTPRoute':
    '@kubernetes-models/gateway-api/_schemas/IoK8sSigsGatewayApiApisV1HTTPRoute',
  'monitoring.coreos.com/v1 ServiceMonitor':
    '@kubernetes-models/prometheus-operator/_schemas/ComGithubPrometheusOperatorPrometheusOperatorPkgApisMonitoringV1ServiceMonitor',
  'monitoring.coreos.com/v1 PrometheusRule':
    '@kubernetes-models/prometheus-operator/_schemas/ComGithubPrometheusOperatorPrometheusOperatorPkgApisMonitoringV1PrometheusRule',
};

/**
 * What is wrong with an object; empty when nothing is.
 * @param {string} version of Kubernetes
 * @param {Record<string, any>} object
 * @returns {Promise<string[]>}
 */
export async function faultsOf(version, object) {
  const kind = `${object['apiVersion']} ${object['kind']}`;
  const path = BUILT_IN[kind] ? `kubernetes-models-${version}/_schemas/${BUILT_IN[kind]}` : CUSTOM[kind];
  if (path === undefined) return [`no schema for ${kind}`];
  // By file: not every version of these packages exports its schemas.
  const module = await import(join(NODE_MODULES, `${path}.js`));
  const validate = /** @type {Validate} */ (module.validate ?? module.default.validate);
  /** @type {Set<string>} */
  const seen = new Set();
  const valid = validate(watched(object, '', seen));
  const name = `${object['kind']} ${object['metadata']?.name}`;
  const unknown = leavesOf(object, '').filter((at) => !seen.has(at));
  return [
    ...(valid ? [] : [`${name}: ${JSON.stringify(validate.errors)}`]),
    ...unknown.map((at) => `${name}: unknown field ${at}`),
  ];
}

/**
 * The same object, which notes the path of each field that is read.
 * @param {any} value @param {string} path @param {Set<string>} seen
 * @returns {any}
 */
function watched(value, path, seen) {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const at = `${path}/${String(key)}`;
      if (Object.hasOwn(target, key)) seen.add(at);
      return watched(target[key], at, seen);
    },
  });
}

/** Paths of all fields, objects and lists too. @param {any} value @param {string} path @returns {string[]} */
function leavesOf(value, path) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${path}/${key}`;
    return [at, ...leavesOf(inner, at)];
  });
}
