// @ts-check

const EVERY_MS = 100;
const WIDTH = 30;

/** A bar on a terminal, nothing elsewhere. Written to standard error, so that output can be piped. */
export class ProgressBar {
  #bytes = 0;
  #lines = 0;
  #shownAt = 0;
  #began;

  /**
   * @param {{ isTTY?: boolean, write(text: string): unknown }} out
   * @param {{ label: string, totalBytes: number | undefined, now: () => number }} what
   */
  constructor(out, { label, totalBytes, now }) {
    this.out = out;
    this.label = label;
    this.totalBytes = totalBytes;
    this.now = now;
    this.#began = now();
  }

  /**
   * @param {number} bytes
   * @param {number} lines
   */
  add(bytes, lines) {
    this.#bytes += bytes;
    this.#lines += lines;
    if (this.out.isTTY !== true) return;
    const now = this.now();
    if (now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    const perSecond = Math.round(this.#lines / Math.max(0.001, (now - this.#began) / 1_000));
    this.out.write(
      `\r\u001b[2K${this.label} ${this.#bar()}${count(this.#lines)} lines, ${count(perSecond)}/s`,
    );
  }

  end() {
    if (this.out.isTTY === true) this.out.write('\r\u001b[2K');
  }

  #bar() {
    if (!this.totalBytes) return '';
    const share = Math.min(1, this.#bytes / this.totalBytes);
    const full = Math.round(share * WIDTH);
    return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${Math.floor(share * 100)}%  `;
  }
}

/** @param {number} value */
const count = (value) => value.toLocaleString('en');
