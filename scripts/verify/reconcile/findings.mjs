// @ts-check
import { KIND_NAMES } from './kinds.mjs';

/** So many of each kind are told with their lines; all are counted. */
const MOST_TOLD = 1_000;
/** So many that the store may explain are kept to be asked about: each owner that was killed leaves some. */
const MOST_ASKED = 200_000;

/**
 * Something that is wrong. `id` is unknown until the lines are read again when only its digest was kept.
 * @typedef {{
 *   kind: import('./kinds.mjs').Kind, digest: string | undefined, id: string | undefined,
 *   channel: string | undefined, group: string | undefined, detail: string, open?: true,
 *   unanswered?: true, lines: string[],
 * }} Finding   open: the message is not settled as far as the logs know, so the store may know more;
 *   unanswered: accepted or not, for its answer was lost
 */

/** All findings: every one counted, the first thousand of each kind told, and all kept that the store may explain. */
export class Findings {
  /** @type {Map<import('./kinds.mjs').Kind, { count: number, kept: Set<Finding> }>} */
  #byKind = new Map();

  /**
   * @param {Omit<Finding, 'lines'>} finding
   * @param {string[]} [lines] that show it, as far as they are known
   */
  add(finding, lines = []) {
    let kind = this.#byKind.get(finding.kind);
    if (!kind) {
      kind = { count: 0, kept: new Set() };
      this.#byKind.set(finding.kind, kind);
    }
    kind.count += 1;
    if (kind.kept.size < (finding.open ? MOST_ASKED : MOST_TOLD)) kind.kept.add({ ...finding, lines });
  }

  /**
   * Takes back what the store explained.
   * @param {Finding} finding one of `kept`
   */
  remove(finding) {
    const kind = this.#byKind.get(finding.kind);
    if (!kind) return;
    kind.count -= 1;
    kind.kept.delete(finding);
  }

  /**
   * Says otherwise what is wrong.
   * @param {Finding} finding one of `kept`
   * @param {{ kind: import('./kinds.mjs').Kind, detail: string }} better
   */
  replace(finding, better) {
    this.remove(finding);
    this.add({ ...finding, ...better }, finding.lines);
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
    return KIND_NAMES.flatMap((kind) => [...(this.#byKind.get(kind)?.kept ?? [])].slice(0, MOST_TOLD));
  }

  /** @returns {Finding[]} more than are told: also every one that the store may explain */
  get kept() {
    return KIND_NAMES.flatMap((kind) => [...(this.#byKind.get(kind)?.kept ?? [])]);
  }
}
