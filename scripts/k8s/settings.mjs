// @ts-check
import { existsSync } from 'node:fs';
import { Problem } from './problem.mjs';

/**
 * @typedef {Readonly<{
 *   namespace: string, release: string, context: string | undefined, confirmed: boolean,
 *   load: 'none' | undefined, loadCommand: string | undefined, imageRegistry: string | undefined,
 *   imageTag: string | undefined, values: readonly string[], replicas: number | undefined, waitSeconds: number,
 *   deleteData: boolean,
 * }>} ClusterSettings
 */

const NAME = /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/;

/**
 * Reads the settings of the k8s commands; every one has a default, and one that is set to nothing counts as not set.
 * @param {NodeJS.ProcessEnv} env
 * @param {import('./installed.mjs').Installed} [last] where nothing else is said, that one is meant
 * @returns {ClusterSettings}
 * @throws Problem that names every variable that is wrong
 */
export function clusterSettings(env, last) {
  const read = new SettingsReader(env);
  const name = (/** @type {string} */ variable, usual = 'onlyonce') => {
    const value = read.text(variable) ?? usual;
    if (!NAME.test(value)) read.fault(`${variable} must be a name of lower-case letters, digits and dashes`);
    return value;
  };
  const only = (/** @type {string} */ variable, /** @type {string} */ word) => {
    const value = read.text(variable);
    if (value !== undefined && value !== word) read.fault(`${variable} must be ${word}, or not set`);
    return value === word;
  };
  const values = read.text('VALUES')?.split(/\s+/) ?? [];
  for (const file of values) if (!existsSync(file)) read.fault(`VALUES: there is no file ${file}`);
  const namespace = name('NAMESPACE', last?.namespace);
  const release = name('RELEASE', last?.release);
  const context = last?.namespace === namespace && last.release === release ? last.context : undefined;
  const settings = {
    ...{ namespace, release, context: read.text('KUBE_CONTEXT') ?? context },
    confirmed: only('CONFIRM', 'yes'),
    load: only('LOAD', 'none') ? /** @type {const} */ ('none') : undefined,
    loadCommand: read.text('LOAD_COMMAND'),
    imageRegistry: read.text('IMAGE_REGISTRY')?.replace(/\/+$/, ''),
    imageTag: read.text('IMAGE_TAG'),
    values,
    replicas: read.text('REPLICAS') === undefined ? undefined : read.integer('REPLICAS', [3, 1, 500]),
    waitSeconds: read.integer('WAIT_SECONDS', [300, 10, 3_600]),
    deleteData: only('DATA', 'delete'),
  };
  const ways = ['LOAD', 'LOAD_COMMAND', 'IMAGE_REGISTRY'].filter((variable) => read.text(variable));
  // LOAD=none says that images are in that registry already.
  if (ways.includes('LOAD_COMMAND') && ways.length > 1) read.fault(`set only one of ${ways.join(' and ')}`);
  read.end();
  return Object.freeze(settings);
}

/** Reads variables, and collects what is wrong with them. */
export class SettingsReader {
  /** @type {string[]} */
  #faults = [];

  /** @param {NodeJS.ProcessEnv} env */
  constructor(env) {
    this.env = env;
  }

  /** @param {string} name */
  text(name) {
    return this.env[name]?.trim() || undefined;
  }

  /**
   * @param {string} name
   * @param {readonly [number, number, number]} range usual, least, most
   */
  integer(name, [usual, least, most]) {
    const value = Number(this.text(name) ?? usual);
    if (!Number.isInteger(value) || value < least || value > most)
      this.fault(`${name} must be an integer from ${least} to ${most}`);
    return value;
  }

  /** @param {string} fault */
  fault(fault) {
    this.#faults.push(fault);
  }

  /** @throws Problem with all faults */
  end() {
    if (this.#faults.length > 0) throw new Problem(this.#faults.join('; '));
  }
}
