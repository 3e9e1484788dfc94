// @ts-check
import { LineReader } from '../lines/line-reader.mjs';
import { splitLines } from '../lines/split-lines.mjs';

/**
 * Reads all sources once more, one after the other.
 * @param {readonly import('./merge-sources.mjs').Source[]} sources
 * @param {(reading: import('../lines/line-reader.mjs').Reading, line: string) => void} take
 * @param {(bytes: number, lines: number) => void} [progress]
 */
export async function readAgain(sources, take, progress) {
  for (const source of sources) {
    const reader = new LineReader();
    try {
      for await (const { lines, bytes } of splitLines(source.open())) {
        for (const line of lines) for (const reading of reader.read(line)) take(reading, line);
        progress?.(bytes, lines.length);
      }
    } catch {
      // Told the first time it was read.
    }
  }
}
