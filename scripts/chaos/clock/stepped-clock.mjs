// @ts-check
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A wall clock that can be stepped, for one server. */
export class SteppedClock {
  /**
   * @param {string} directory
   * @returns {SteppedClock | string} or why there can be none
   */
  static build(directory) {
    if (process.platform !== 'linux') return 'clock steps need Linux (LD_PRELOAD)';
    const library = join(directory, 'step.so');
    const source = join(import.meta.dirname, 'step.c');
    const { status, error, stderr } = spawnSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, source], {
      encoding: 'utf8',
    });
    if (error) return 'clock steps need a C compiler (cc; Debian: gcc libc6-dev)';
    if (status !== 0) return `the clock shim cannot be built: ${stderr.trim().split('\n')[0]}`;
    return new SteppedClock(library, join(directory, 'clock'));
  }

  /**
   * @param {string} library
   * @param {string} file
   */
  constructor(library, file) {
    this.library = library;
    this.file = file;
    writeFileSync(file, Buffer.alloc(8));
  }

  get env() {
    return { LD_PRELOAD: this.library, CHAOS_CLOCK_FILE: this.file };
  }

  /** @param {number} offsetMs from the real time */
  set(offsetMs) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(Math.round(offsetMs)) * 1_000n);
    // In place: the file is mapped by the server.
    writeFileSync(this.file, bytes, { flag: 'r+', flush: true });
  }
}
