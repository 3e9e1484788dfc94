// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MEGABYTE = 1_024 * 1_024;

/** A file system of a few megabytes that can be filled to the last byte. */
export class SmallDisk {
  /**
   * @param {string} directory
   * @param {number} megabytes
   * @returns {SmallDisk | string} or why there can be none
   */
  static mount(directory, megabytes) {
    if (process.getuid?.() !== 0) return 'a full disk needs root (mount)';
    mkdirSync(directory, { recursive: true });
    const { status, stderr, error } = spawnSync(
      'mount',
      ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'onlyonce-chaos', directory],
      { encoding: 'utf8' },
    );
    if (status !== 0) return `a small disk cannot be mounted: ${error?.message ?? stderr.trim()}`;
    return new SmallDisk(directory);
  }

  /** @param {string} directory */
  constructor(directory) {
    this.directory = directory;
  }

  get filler() {
    return join(this.directory, 'filler');
  }

  fill() {
    const { bavail, bsize } = statfsSync(this.directory);
    // The last bytes are the server's to stumble over: half a write may succeed.
    const bytes = Math.max(0, bavail * bsize - 3_000);
    try {
      writeFileSync(this.filler, Buffer.alloc(Math.min(bytes, 512 * MEGABYTE), 1));
    } catch (error) {
      // The server wrote meanwhile: full all the same.
      if (/** @type {{ code?: string }} */ (error).code !== 'ENOSPC') throw error;
    }
  }

  free() {
    rmSync(this.filler, { force: true });
  }

  close() {
    spawnSync('umount', [this.directory]);
  }
}

/** Takes away what campaigns left mounted that were killed. @param {string} home */
export function unmountBelow(home) {
  if (!existsSync('/proc/mounts')) return;
  for (const line of readFileSync('/proc/mounts', 'utf8').split('\n')) {
    const [device, place = ''] = line.split(' ');
    if (device === 'onlyonce-chaos' && place.startsWith(`${home}/`)) spawnSync('umount', [place]);
  }
}
