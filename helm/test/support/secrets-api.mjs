// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * As much of the API of Kubernetes as `lookup` asks for: discovery, and the Secrets that are given.
 * @param {Readonly<Record<string, Record<string, string>>>} secrets data by name
 */
export async function secretsApi(secrets) {
  /** @type {string[]} */
  const asked = [];
  const server = createServer((request, response) => {
    const path = String(request.url).split('?')[0] ?? '';
    const [, name = ''] = /^\/api\/v1\/namespaces\/trade\/secrets\/(.+)$/.exec(path) ?? [];
    if (name) asked.push(name);
    const answer = secrets[name] ? secret(name, secrets[name]) : DISCOVERY[path];
    response.setHeader('content-type', 'application/json');
    response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer ?? NOT_FOUND));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}`, asked, close: () => server.close() };
}

const NOT_FOUND = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };

/** What the umbrella chart makes by default: Helm 4 asks how each kind is called. */
const KINDS = {
  'api/v1': ['ConfigMap', 'Pod', 'Secret', 'Service', 'ServiceAccount'],
  'apis/apps/v1': ['Deployment', 'StatefulSet'],
  'apis/networking.k8s.io/v1': ['NetworkPolicy'],
  'apis/policy/v1': ['PodDisruptionBudget'],
};
const groups = Object.keys(KINDS).flatMap((path) => {
  const [, name, version] = /^apis\/(.+)\/(.+)$/.exec(path) ?? [];
  const served = { groupVersion: `${name}/${version}`, version };
  return name ? [{ name, versions: [served], preferredVersion: served }] : [];
});

/** @type {Readonly<Record<string, object>>} */
const DISCOVERY = {
  '/version': { major: '1', minor: '34', gitVersion: 'v1.34.0' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups },
  ...Object.fromEntries(
    Object.entries(KINDS).map(([path, kinds]) => [
      `/${path}`,
      { kind: 'APIResourceList', groupVersion: path.replace(/^apis?\//, ''), resources: kinds.map(resource) },
    ]),
  ),
};

/** @param {string} kind */
function resource(kind) {
  const singularName = kind.toLowerCase();
  const name = singularName.endsWith('y') ? `${singularName.slice(0, -1)}ies` : `${singularName}s`;
  return { name, singularName, namespaced: true, kind, verbs: ['get'] };
}

/** @param {string} name @param {Record<string, string>} data */
function secret(name, data) {
  const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    // As an earlier install of the same release left it: Helm takes it over, also after an uninstall that kept it.
    metadata: {
      name,
      namespace: 'trade',
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'trade' },
    },
    data: Object.fromEntries(encoded),
  };
}
