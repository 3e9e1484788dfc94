// @ts-check
import { ownText } from '../lines/own-text.mjs';
import { readAgain } from '../sources/read-again.mjs';
import { IdDigest } from './id-digest.mjs';
import { resultOf } from './result-id.mjs';

/** @typedef {import('./findings.mjs').Finding} Finding */

const MOST_LINES = 8;

/** Findings of which only the digest is known, and that no line shown names. */
export class Nameless {
  /** @type {Map<string, Finding[]>} */
  #byDigest = new Map();
  #digest = new IdDigest();

  /** @param {readonly Finding[]} findings changed in place */
  constructor(findings) {
    for (const finding of findings) {
      if (finding.id !== undefined || finding.digest === undefined) continue;
      const others = this.#byDigest.get(finding.digest);
      if (others) others.push(finding);
      else this.#byDigest.set(finding.digest, [finding]);
    }
  }

  get isDone() {
    return [...this.#byDigest.values()].every((findings) => findings.every(({ id }) => id !== undefined));
  }

  /**
   * Names those of which a line speaks, be it by what was committed together with their settlement.
   * @param {readonly import('../sources/merge-sources.mjs').Source[]} sources
   * @param {(bytes: number, lines: number) => void} [progress]
   */
  async fromLogs(sources, progress) {
    await readAgain(sources, (reading, line) => this.#read(reading, line), progress);
  }

  /** @param {AsyncIterable<{ id: string }>} records */
  async fromStore(records) {
    for await (const { id } of records) this.#of(id);
  }

  /**
   * @param {import('../lines/line-reader.mjs').Reading} reading
   * @param {string} line
   */
  #read(reading, line) {
    if (reading.kind !== 'fact' && reading.kind !== 'broken') return;
    const id = reading.kind === 'fact' ? reading.fact.id : (reading.fields['messageId'] ?? '');
    if (id === '') return;
    this.#of(id);
    const result = resultOf(id);
    if (!result) return;
    for (const { lines } of this.#of(result.of))
      if (lines.length < MOST_LINES) lines.push(ownText(line.slice(0, 4_000)));
  }

  /**
   * @param {string} id
   * @returns {readonly Finding[]} those that it names
   */
  #of(id) {
    const findings = this.#byDigest.get(this.#digest.of(id).text) ?? [];
    for (const finding of findings) finding.id ??= id;
    return findings;
  }
}
