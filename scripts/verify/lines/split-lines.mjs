// @ts-check
import { TextDecoder } from 'node:util';

const NEWLINE = 10;

/** A longer line than any log writes: only its beginning is kept, so that a file without newlines fits into memory. */
const LONGEST_BYTES = 1_048_576;

/**
 * Cuts a stream of bytes into lines. Bytes that are no UTF-8 become replacement characters; a last line without a
 * newline counts. Memory is bounded whatever comes.
 * @param {AsyncIterable<Uint8Array>} chunks
 * @returns {AsyncGenerator<{ lines: string[], bytes: number }, void>} the lines of one chunk, without their newline
 */
export async function* splitLines(chunks) {
  yield* splitUtf8(inUtf8(chunks));
}

/**
 * A file that begins with the mark of UTF-16 (what PowerShell makes of `docker logs > file`) is read as such.
 * @param {AsyncIterable<Uint8Array>} chunks
 * @returns {AsyncGenerator<Uint8Array, void>}
 */
async function* inUtf8(chunks) {
  /** @type {TextDecoder | undefined} */
  let decoder;
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && chunk.length > 0) {
      isFirst = false;
      if (chunk[0] === 0xff && chunk[1] === 0xfe) decoder = new TextDecoder('utf-16le');
    }
    yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk;
  }
}

/**
 * @param {AsyncIterable<Uint8Array>} chunks
 * @returns {AsyncGenerator<{ lines: string[], bytes: number }, void>}
 */
async function* splitUtf8(chunks) {
  /** @type {Buffer[]} */
  let rest = [];
  let restBytes = 0;
  const keep = (/** @type {Buffer} */ part) => {
    const room = LONGEST_BYTES - restBytes;
    if (room <= 0) return;
    const kept = part.length > room ? part.subarray(0, room) : part;
    rest.push(kept);
    restBytes += kept.length;
  };
  for await (const raw of chunks) {
    const chunk = Buffer.isBuffer(raw) ? raw : Buffer.from(raw);
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      keep(chunk);
      yield { lines: [], bytes: chunk.length };
      continue;
    }
    const first = chunk.indexOf(NEWLINE);
    keep(chunk.subarray(0, first));
    const lines = [Buffer.concat(rest).toString('utf8')];
    if (end > first) {
      for (const line of chunk.toString('utf8', first + 1, end).split('\n')) {
        lines.push(line.length > LONGEST_BYTES ? line.slice(0, LONGEST_BYTES) : line);
      }
    }
    rest = [];
    restBytes = 0;
    // A copy: the stream may use its buffer again.
    keep(Buffer.from(chunk.subarray(end + 1)));
    yield { lines, bytes: chunk.length };
  }
  if (restBytes > 0) yield { lines: [Buffer.concat(rest).toString('utf8')], bytes: 0 };
}
