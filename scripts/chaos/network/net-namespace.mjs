// @ts-check
import { spawnSync } from 'node:child_process';

const PREFIX = 'onlyonce-chaos-';

/** A network namespace of our own with one cable to this machine: what is in it can be cut off from everything. */
export class NetNamespace {
  /**
   * @returns {NetNamespace | string} or why there can be none
   */
  static open() {
    if (process.getuid?.() !== 0) return 'a partition needs root (network namespaces)';
    for (const tool of ['ip', 'iptables']) {
      if (spawnSync(tool, ['-V']).error) return `a partition needs ${tool} (Debian: iproute2, iptables)`;
    }
    sweepAbandoned();
    const made = new NetNamespace(process.pid);
    try {
      made.#build();
      return made;
    } catch (error) {
      made.close();
      return `no network namespace: ${error instanceof Error ? error.message : error}`;
    }
  }

  /** @param {number} pid */
  constructor(pid) {
    this.name = `${PREFIX}${pid}`;
    this.near = `ooc${pid}h`;
    this.far = `ooc${pid}p`;
    // 198.18.0.0/15 is set aside for tests; four addresses of it per process.
    const net = `198.18.${(pid >> 6) & 255}`;
    const base = (pid & 63) * 4;
    this.hostAddress = `${net}.${base + 1}`;
    this.podAddress = `${net}.${base + 2}`;
  }

  /** How a program is run inside. */
  get wrapper() {
    return ['ip', 'netns', 'exec', this.name];
  }

  #build() {
    run('ip', 'netns', 'add', this.name);
    run('ip', 'link', 'add', this.near, 'type', 'veth', 'peer', 'name', this.far);
    run('ip', 'link', 'set', this.far, 'netns', this.name);
    run('ip', 'addr', 'add', `${this.hostAddress}/30`, 'dev', this.near);
    run('ip', 'link', 'set', this.near, 'up');
    this.#inside('ip', 'addr', 'add', `${this.podAddress}/30`, 'dev', this.far);
    this.#inside('ip', 'link', 'set', this.far, 'up');
    this.#inside('ip', 'link', 'set', 'lo', 'up');
  }

  /** @param {...string} command */
  #inside(...command) {
    run('ip', 'netns', 'exec', this.name, ...command);
  }

  /**
   * Cuts it off; nobody is told, connections stay open.
   * @param {'drop' | 'down'} how packets are dropped inside, or the cable is pulled
   * @returns {() => void} heals it
   */
  partition(how) {
    if (how === 'down') {
      this.#inside('ip', 'link', 'set', this.far, 'down');
      return () => this.#inside('ip', 'link', 'set', this.far, 'up');
    }
    for (const chain of ['INPUT', 'OUTPUT']) this.#inside('iptables', '-A', chain, '-j', 'DROP');
    return () => {
      for (const chain of ['INPUT', 'OUTPUT']) this.#inside('iptables', '-F', chain);
    };
  }

  close() {
    spawnSync('ip', ['netns', 'del', this.name]);
    spawnSync('ip', ['link', 'del', this.near]);
  }
}

/** Deletes what campaigns left that were killed themselves. */
export function sweepAbandoned() {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  for (const line of (stdout ?? '').split('\n')) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)`).exec(line)?.[1]);
    if (pid > 0 && pid !== process.pid && !lives(pid)) new NetNamespace(pid).close();
  }
}

/** @param {number} pid */
function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** @param {...string} command */
function run(...command) {
  const [name = '', ...args] = command;
  const { status, stderr, error } = spawnSync(name, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${error?.message ?? stderr.trim()}`);
}
