// Takes one file out of a zip: `node unzip-one.mjs <zip> <path within> <target>`. Fresh machines have no unzip, and
// Node.js reads no zip, but it inflates: what is left is to find the entry.
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
/** The end record, with the longest comment that it may have. */
const END_AT_MOST = 22 + 0xffff;

const [zip, wanted, target] = process.argv.slice(2);
const file = await open(zip);
const { size } = await file.stat();

const tail = await read(Math.max(0, size - END_AT_MOST), Math.min(size, END_AT_MOST));
let end = tail.length - 22;
while (end >= 0 && tail.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
if (end < 0) throw new Error(`${zip} is not a zip file`);

const directory = await read(tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
for (let at = 0; at < directory.length && directory.readUInt32LE(at) === DIRECTORY_ENTRY;) {
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
    directory.readUInt16LE(at + field),
  );
  if (directory.toString('utf8', at + 46, at + 46 + nameLength) === wanted) {
    await extract(
      directory.readUInt32LE(at + 42),
      directory.readUInt32LE(at + 20),
      directory.readUInt16LE(at + 10),
    );
    await file.close();
    process.exit(0);
  }
  at += 46 + nameLength + extraLength + commentLength;
}
throw new Error(`${zip} does not contain ${wanted}`);

async function extract(headerAt, packedSize, method) {
  const header = await read(headerAt, 30);
  const start = headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = createReadStream(zip, { start, end: start + packedSize - 1 });
  // 0: stored; 8: deflated.
  if (method === 8) await pipeline(packed, createInflateRaw(), createWriteStream(target));
  else if (method === 0) await pipeline(packed, createWriteStream(target));
  else throw new Error(`${zip}: ${wanted} is packed by method ${method}, which is not known here`);
}

async function read(position, length) {
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer;
}
