// @ts-check
import { readAgain } from '../sources/read-again.mjs';
import { IdDigest } from './id-digest.mjs';
import { ShownLines } from './shown-lines.mjs';

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
  const shown = new Map(findings.map((finding) => [finding, new ShownLines()]));
  await readAgain(
    sources,
    (reading, line) => {
      const isFact = reading.kind === 'fact';
      if (!isFact && reading.kind !== 'broken') return;
      const { id, event } = isFact
        ? reading.fact
        : { id: reading.fields['messageId'], event: reading.fields['event'] };
      if (id === undefined || id === '') return;
      for (const finding of wanted.get(digest.of(id).text) ?? []) {
        finding.id ??= id;
        if (!isFact || concerns(finding, reading.fact)) shown.get(finding)?.add(line, event);
      }
    },
    progress,
  );
  for (const [finding, { lines }] of shown) finding.lines = lines;
}

/**
 * @param {import('./findings.mjs').Finding} finding
 * @param {import('../lines/fact.mjs').Fact} fact
 */
function concerns({ channel, group }, fact) {
  if (channel !== undefined && fact.channel !== channel) return false;
  return group === undefined || fact.group === undefined || fact.group === group;
}
