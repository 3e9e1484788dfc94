// @ts-check
import { gzipSync } from 'node:zlib';

const BLOCK = 512;

/**
 * A gzipped tar of text files, the same bytes whenever and wherever it is made: no times, no users, sorted.
 * @param {ReadonlyMap<string, Buffer>} files by path
 * @returns {Buffer}
 */
export function tarball(files) {
  const sorted = [...files].sort(([one], [two]) => (one < two ? -1 : 1));
  const blocks = sorted.flatMap(([path, content]) => [
    header(path, content.length),
    content,
    padding(content.length),
  ]);
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 });
}

/** @param {string} path @param {number} size */
function header(path, size) {
  if (Buffer.byteLength(path) > 100) throw new Error(`too long for a tar header: ${path}`);
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        0', 148);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** @param {number} size */
function padding(size) {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}
