// @ts-check
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { only } from './helm.mjs';

const run = promisify(execFile);

/**
 * The Redis pod of a render, without a cluster: its scripts and its redis.conf as they are, except for the paths and
 * the port, run by the redis-server of this machine.
 */
export class RedisPod {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #server;
  output = '';

  /** @param {string} directory @param {number} port */
  constructor(directory, port) {
    this.directory = directory;
    this.port = port;
  }

  /** @param {readonly import('./helm.mjs').KubernetesObject[]} objects of the umbrella chart */
  static async fromRender(objects) {
    const pod = new RedisPod(mkdtempSync(join(tmpdir(), 'onlyonce-redis-')), await freePort());
    for (const folder of ['etc', 'run', 'data', 'passwords', 'tls']) mkdirSync(join(pod.directory, folder));
    for (const [name, text] of Object.entries(only(objects, 'ConfigMap', 'shop-redis')['data'])) {
      writeFileSync(join(pod.directory, 'etc', name), pod.#here(String(text)));
    }
    for (const { metadata, data } of objects.filter(({ kind, data }) => kind === 'Secret' && data.password)) {
      const user = String(metadata.name).replace(/^shop-redis-/, '');
      mkdirSync(join(pod.directory, 'passwords', user));
      writeFileSync(pod.passwordFile(user), Buffer.from(data.password, 'base64'));
    }
    const tls = objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === 'shop-redis-tls');
    for (const [name, base64] of Object.entries(tls?.['data'] ?? {})) {
      writeFileSync(join(pod.directory, 'tls', name), Buffer.from(String(base64), 'base64'));
    }
    await run('sh', [join(pod.directory, 'etc/write-users.sh')]);
    return pod;
  }

  /** @param {string} user */
  passwordFile(user) {
    return join(this.directory, 'passwords', user, 'password');
  }

  get authorityFile() {
    return join(this.directory, 'tls/ca.crt');
  }

  get dataDirectory() {
    return join(this.directory, 'data');
  }

  start() {
    const server = spawn('sh', [join(this.directory, 'etc/start.sh')], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (/** @type {Buffer} */ chunk) => (this.output += chunk.toString()));
    }
    this.#server = server;
  }

  /** @param {'ready' | 'alive'} kind @returns {Promise<boolean>} what the pod's probe says */
  async probe(kind) {
    try {
      await run('sh', [join(this.directory, 'etc/probe.sh'), kind, '3']);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * An answer of redis-cli.
   * @param {string} user @param {string} password @param {...string} command
   */
  async ask(user, password, ...command) {
    const tls = existsSync(this.authorityFile) ? ['--tls', '--cacert', this.authorityFile] : [];
    const access = ['-p', String(this.port), ...tls, '--user', user, '--no-auth-warning'];
    const { stdout } = await run('redis-cli', [...access, ...command], {
      env: { ...process.env, REDISCLI_AUTH: password },
    });
    return stdout.trim();
  }

  /** @param {NodeJS.Signals} signal */
  async stop(signal) {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, 'exit');
  }

  remove() {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** @param {string} text */
  #here(text) {
    return text
      .replaceAll('/etc/redis-tls', join(this.directory, 'tls'))
      .replaceAll('/etc/redis', join(this.directory, 'etc'))
      .replaceAll('/run/redis', join(this.directory, 'run'))
      .replaceAll('/passwords', join(this.directory, 'passwords'))
      .replace(/^dir \/data$/m, `dir ${this.dataDirectory}`)
      .replace('manifest=/data/', `manifest=${this.dataDirectory}/`)
      .replace(/^(tls-)?port 6379$/m, `$1port ${this.port}\nbind 127.0.0.1`)
      .replace('-h 127.0.0.1', `-h 127.0.0.1 -p ${this.port}`);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}
