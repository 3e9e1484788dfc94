// @ts-check
import { execFile } from 'node:child_process';
import { promisify, stripVTControlCharacters } from 'node:util';
import { ROOT } from '../local/state-directory.mjs';
import { logLines } from './log-lines.mjs';

const run = promisify(execFile);
const MINUTE_MS = 60_000;
/** The build of both images from nothing, on a slow machine with a slow registry. */
const BUILD_MS = 15 * MINUTE_MS;
const LOG_BYTES = 512 * 1_024 * 1_024;

/** What of our own environment Docker needs. The rest might be settings of the services, and change what is tested. */
const KEPT = /^(PATH|HOME|XDG_.*|DOCKER_.*|BUILDKIT_.*|SSH_AUTH_SOCK|https?_proxy|no_proxy)$/i;

/** The repository's docker-compose.yml under a project name of its own, with settings of its own. */
export class ComposeProject {
  #env;

  /**
   * @param {string} name
   * @param {Readonly<Record<string, string>>} settings
   */
  constructor(name, settings) {
    this.name = name;
    const kept = Object.entries(process.env).filter(([variable]) => KEPT.test(variable));
    this.#env = {
      ...Object.fromEntries(kept),
      // A file .env is for those who run it by hand.
      COMPOSE_DISABLE_ENV_FILE: '1',
      COMPOSE_PROJECT_NAME: name,
      ...settings,
    };
  }

  /** @returns {Promise<any>} docker-compose.yml as Compose understands it, all profiles */
  async config() {
    return JSON.parse(await this.#compose(['--profile', '*', 'config', '--format', 'json']));
  }

  async build() {
    await this.#compose(['build'], BUILD_MS);
  }

  /**
   * Starts what does not run and waits until all of it is healthy.
   * @param {number} inventories
   */
  async up(inventories) {
    const scale = ['--scale', `inventory=${inventories}`];
    await this.#compose(['up', '--detach', '--no-build', '--no-recreate', '--wait', ...scale], 3 * MINUTE_MS);
  }

  /**
   * @param {string} service
   * @param {number} [index]
   * @returns {Promise<Container>}
   */
  async container(service, index = 1) {
    const name = `${this.name}-${service}-${index}`;
    const id = await this.docker(['inspect', '--format', '{{.Id}}', name]);
    return { name, pod: id.slice(0, 12) };
  }

  /** @param {Container} container */
  async healthy({ name }) {
    return (await this.docker(['inspect', '--format', '{{.State.Health.Status}}', name])) === 'healthy';
  }

  /** @returns {Promise<string[]>} names of all, also of those that ended */
  async containerNames() {
    return (await this.#compose(['ps', '--all', '--format', '{{.Name}}'])).split('\n').filter(Boolean).sort();
  }

  /**
   * @param {string} service
   * @param {number} port inside
   * @returns {Promise<string>} where it answers on this machine
   */
  async url(service, port, index = 1) {
    return `http://${await this.#compose(['port', '--index', String(index), service, String(port)])}`;
  }

  /**
   * Runs a program of Node.js, without any shell, inside a container that runs.
   * @param {string} service
   * @param {string} program
   */
  async node(service, program) {
    return this.#compose(['exec', '--no-TTY', service, 'node', '-e', program]);
  }

  /**
   * Runs a command inside a container that runs.
   * @param {string} service
   * @param {...string} command
   * @returns {Promise<string>} what it prints
   */
  async exec(service, ...command) {
    return this.#compose(['exec', '--no-TTY', service, ...command]);
  }

  /** @param {...string} services none: all */
  async stop(...services) {
    await this.#compose(['stop', ...services], 3 * MINUTE_MS);
  }

  /** @param {string} service */
  async restart(service) {
    await this.#compose(['restart', service], 3 * MINUTE_MS);
  }

  /**
   * What `docker compose logs` shows, containers that were killed included.
   * @param {...string} services
   */
  async logs(...services) {
    return logLines(await this.logText(...services));
  }

  /** @param {...string} services */
  async logText(...services) {
    const text = await this.#compose(['logs', '--no-log-prefix', '--no-color', ...services], MINUTE_MS);
    // Some versions clear the line before each of ours, no matter where they write to.
    return stripVTControlCharacters(text);
  }

  /** Ends and deletes all of it, data too. */
  async down() {
    await this.#compose(
      ['--profile', '*', 'down', '--volumes', '--remove-orphans', '--timeout', '3'],
      MINUTE_MS,
    );
  }

  /**
   * @param {readonly string[]} args
   * @param {number} [deadlineMs]
   * @returns {Promise<string>} what it printed
   */
  async docker(args, deadlineMs = MINUTE_MS) {
    const options = { cwd: ROOT, env: this.#env, timeout: deadlineMs, maxBuffer: LOG_BYTES };
    const { stdout } = await run('docker', [...args], { ...options, encoding: 'utf8' }).catch((error) => {
      // A build tells on stdout why it failed.
      error.message = `${error.stdout}\n${error.message}`;
      throw error;
    });
    return stdout.trim();
  }

  /**
   * @param {readonly string[]} args
   * @param {number} [deadlineMs]
   */
  #compose(args, deadlineMs) {
    return this.docker(['compose', '--ansi', 'never', '--progress', 'plain', ...args], deadlineMs);
  }
}

/** @typedef {{ name: string, pod: string }} Container pod: how its log lines name it, without the process id */
