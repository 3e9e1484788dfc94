// @ts-check
import { dockerAnswers } from '../local/docker.mjs';
import { ROOT } from '../local/state-directory.mjs';
import { Problem } from './problem.mjs';
import { need, output, pipeInto, show } from './program.mjs';

export const SERVICES = /** @type {const} */ (['order', 'inventory']);
/** Contexts of clusters that run the images of this machine's Docker as they are. */
const SHARE_DOCKER = ['docker-desktop', 'rancher-desktop', 'orbstack'];

/** @typedef {import('./settings.mjs').ClusterSettings} ClusterSettings */
/** @typedef {{ kind: 'none' | 'shared' | 'kind' | 'command' | 'registry', toward: string }} Way */

/**
 * How the nodes get the images.
 * @param {ClusterSettings} settings
 * @param {import('./cluster.mjs').Cluster} cluster
 * @returns {Way}
 * @throws Problem when nobody says
 */
export function wayToNodes({ load, loadCommand, imageRegistry }, { context, kind }) {
  if (load === 'none') return { kind: 'none', toward: '' };
  if (loadCommand !== undefined) return { kind: 'command', toward: loadCommand };
  if (imageRegistry !== undefined) return { kind: 'registry', toward: imageRegistry };
  if (kind !== undefined) return { kind: 'kind', toward: kind };
  if (context === 'minikube') return { kind: 'command', toward: 'minikube image load -' };
  if (SHARE_DOCKER.includes(context)) return { kind: 'shared', toward: context };
  throw new Problem(
    `how do the nodes of ${context} get the images? IMAGE_REGISTRY=<registry> pushes them, ` +
      `LOAD_COMMAND='<reads docker save>' hands them over, LOAD=none says that they are there`,
  );
}

/**
 * Builds the images, unless IMAGE_TAG names some that are there, and brings them to the nodes.
 * @param {ClusterSettings} settings
 * @param {Way} way
 * @param {(text: string) => void} say
 * @returns {Promise<Record<string, string>>} values for the chart: their names
 */
export async function imagesOnNodes(settings, way, say) {
  if (way.kind === 'none') return namedByUser(settings);
  /** @type {Record<string, string>} */
  const values = {};
  for (const service of SERVICES) {
    const tag = settings.imageTag ?? (await built(service, say));
    const image = `onlyonce/${service}:${tag}`;
    await output('docker', ['image', 'inspect', image]).catch(() => {
      throw new Problem(`IMAGE_TAG: Docker has no image ${image}`);
    });
    values[`${service}.image.tag`] = tag;
    say(`Image ${image}${way.kind === 'shared' ? '.' : `, to ${way.toward} ...`}`);
    await brought(image, way);
  }
  if (way.kind === 'registry') values['global.imageRegistry'] = way.toward;
  return values;
}

/** @param {Way} way @throws Problem when Docker is needed and does not answer */
export async function needDocker(way) {
  if (way.kind === 'none') return;
  await need('docker');
  if (!(await dockerAnswers())) throw new Problem('docker is here, but its engine does not answer');
}

/**
 * @param {ClusterSettings} settings
 * @returns {Record<string, string>}
 */
function namedByUser({ imageTag, imageRegistry }) {
  const tags = imageTag === undefined ? [] : SERVICES.map((service) => [`${service}.image.tag`, imageTag]);
  const registry = imageRegistry === undefined ? [] : [['global.imageRegistry', imageRegistry]];
  return Object.fromEntries([...tags, ...registry]);
}

/**
 * The tag says what is in it: an image that has not changed rolls no pod, and one that has always does.
 * @param {string} service
 * @param {(text: string) => void} say
 */
async function built(service, say) {
  say(`Building onlyonce/${service} ...`);
  const name = `onlyonce/${service}`;
  await show('docker', ['build', '--quiet', '--target', service, '--tag', `${name}:k8s`, ROOT]);
  const id = await output('docker', ['image', 'inspect', '--format', '{{.Id}}', `${name}:k8s`]);
  const tag = `k8s-${id
    .trim()
    .replace(/^sha256:/, '')
    .slice(0, 12)}`;
  await output('docker', ['tag', `${name}:k8s`, `${name}:${tag}`]);
  return tag;
}

/**
 * @param {string} image
 * @param {Way} way
 */
async function brought(image, { kind, toward }) {
  if (kind === 'kind') return show('kind', ['load', 'docker-image', image, '--name', toward]);
  if (kind === 'command') return pipeInto(['docker', ['save', image]], toward);
  if (kind === 'registry') {
    await output('docker', ['tag', image, `${toward}/${image}`]);
    return show('docker', ['push', '--quiet', `${toward}/${image}`]);
  }
}
