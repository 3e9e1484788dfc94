// @ts-check
import { LineReader } from '../lines/line-reader.mjs';
import { ownText } from '../lines/own-text.mjs';
import { splitLines } from '../lines/split-lines.mjs';
import { IdDigest } from './id-digest.mjs';

const MOST_LINES = 60;

/**
 * Reads the sources once more and gives each finding the lines that show it, and its id where only a digest was kept.
 * @param {readonly import('./findings.mjs').Finding[]} findings changed in place
 * @param {readonly import('../sources/merge-sources.mjs').Source[]} sources
 * @param {(bytes: number, lines: number) => void} [progress]
 */
export async function gatherEvidence(findings, sources, progress) {
  /** @type {Map<string, import('./findings.mjs').Finding[]>} */
  const wanted = new Map();
  for (const finding of findings) {
    if (finding.digest === undefined) continue;
    const others = wanted.get(finding.digest);
    if (others) others.push(finding);
    else wanted.set(finding.digest, [finding]);
  }
  if (wanted.size === 0) return;
  const digest = new IdDigest();
  for (const source of sources) {
    const reader = new LineReader();
    try {
      for await (const { lines, bytes } of splitLines(source.open())) {
        for (const line of lines) attach(line, reader, digest, wanted);
        progress?.(bytes, lines.length);
      }
    } catch {
      // Told the first time it was read.
    }
  }
}

/**
 * @param {string} line
 * @param {LineReader} reader
 * @param {IdDigest} digest
 * @param {ReadonlyMap<string, import('./findings.mjs').Finding[]>} wanted
 */
function attach(line, reader, digest, wanted) {
  for (const reading of reader.read(line)) {
    const isFact = reading.kind === 'fact';
    if (!isFact && reading.kind !== 'broken') continue;
    const id = isFact ? reading.fact.id : reading.fields['messageId'];
    if (id === undefined || id === '') continue;
    for (const finding of wanted.get(digest.of(id).text) ?? []) {
      finding.id ??= id;
      if (isFact && !concerns(finding, reading.fact)) continue;
      if (finding.lines.length < MOST_LINES) finding.lines.push(ownText(line.slice(0, 4_000)));
    }
  }
}

/**
 * @param {import('./findings.mjs').Finding} finding
 * @param {import('../lines/fact.mjs').Fact} fact
 */
function concerns({ channel, group }, fact) {
  if (channel !== undefined && fact.channel !== channel) return false;
  return group === undefined || fact.group === undefined || fact.group === group;
}
