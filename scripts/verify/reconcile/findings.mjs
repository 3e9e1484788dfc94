// @ts-check
import { KIND_NAMES } from './kinds.mjs';

/** So many of each kind are told with their lines; all are counted. */
const MOST_TOLD = 1_000;

/**
 * Something that is wrong. `id` is unknown until the lines are read again when only its digest was kept.
 * @typedef {{
 *   kind: import('./kinds.mjs').Kind, digest: string | undefined, id: string | undefined,
 *   channel: string | undefined, group: string | undefined, detail: string, open?: true, lines: string[],
 * }} Finding   open: the message is not settled as far as the logs know, so the store may know more
 */

/** All findings: every one counted, the first thousand of each kind kept. */
export class Findings {
  /** @type {Map<import('./kinds.mjs').Kind, { count: number, told: Finding[] }>} */
  #byKind = new Map();

  /** @param {Omit<Finding, 'lines'>} finding */
  add(finding) {
    let kind = this.#byKind.get(finding.kind);
    if (!kind) {
      kind = { count: 0, told: [] };
      this.#byKind.set(finding.kind, kind);
    }
    kind.count += 1;
    if (kind.told.length < MOST_TOLD) kind.told.push({ ...finding, lines: [] });
  }

  /**
   * Takes back what the store explained.
   * @param {Finding} finding one of `told`
   */
  remove(finding) {
    const kind = this.#byKind.get(finding.kind);
    if (!kind) return;
    kind.count -= 1;
    kind.told = kind.told.filter((other) => other !== finding);
  }

  /**
   * Says otherwise what is wrong.
   * @param {Finding} finding one of `told`
   * @param {{ kind: import('./kinds.mjs').Kind, detail: string }} better
   */
  replace(finding, better) {
    this.remove(finding);
    this.add({ ...finding, ...better });
    const added = this.#byKind.get(better.kind)?.told.find((other) => other.digest === finding.digest);
    if (added) added.lines = finding.lines;
  }

  /** @param {import('./kinds.mjs').Kind} kind */
  count(kind) {
    return this.#byKind.get(kind)?.count ?? 0;
  }

  get total() {
    return KIND_NAMES.reduce((sum, kind) => sum + this.count(kind), 0);
  }

  /** @returns {Finding[]} in the order of the kinds */
  get told() {
    return KIND_NAMES.flatMap((kind) => this.#byKind.get(kind)?.told ?? []);
  }
}
