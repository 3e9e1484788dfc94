// @ts-check

/** Reads times of log lines. Lines come in bursts of one second, whose date is then parsed once. */
export class MomentReader {
  #second = '';
  #secondMs = Number.NaN;

  /**
   * @param {unknown} value ISO text, or milliseconds, seconds, micro- or nanoseconds since 1970
   * @returns {number} milliseconds since 1970, NaN for anything else
   */
  read(value) {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value !== 'number' || !(value > 0) || value >= 1e20) return Number.NaN;
    if (value < 1e11) return value * 1e3;
    if (value < 1e14) return value;
    return value < 1e17 ? value / 1e3 : value / 1e6;
  }

  /** @param {string} text */
  #text(text) {
    if (text.length !== 24 || text.charCodeAt(23) !== 90 /* Z */)
      return /^\d{9,19}(?:\.\d+)?$/.test(text) ? this.read(Number(text)) : Date.parse(text);
    const second = text.slice(0, 19);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondMs = Date.parse(`${second}Z`);
    }
    const ms = Number(text.slice(20, 23));
    return this.#secondMs + ms;
  }
}
