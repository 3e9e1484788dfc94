// @ts-check
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

/**
 * Makes a source that can be read once (standard input, an API) one that can be read again, so that violations can be
 * shown with their lines: what passes is kept, packed, in a temporary file. About a tenth of the size of the logs.
 * @param {{ name: string, open(): AsyncIterable<Uint8Array> }} once
 * @returns {import('./merge-sources.mjs').Source & { close(): void }}
 */
export function spooledSource({ name, open }) {
  const folder = mkdtempSync(join(tmpdir(), 'onlyonce-verify-'));
  const file = join(folder, 'lines.gz');
  let kept = false;

  async function* first() {
    const packer = createGzip({ level: 1 });
    const done = finished(packer.pipe(createWriteStream(file)));
    done.catch(() => undefined);
    for await (const chunk of open()) {
      if (!packer.write(chunk)) await new Promise((resolve) => packer.once('drain', resolve));
      yield chunk;
    }
    packer.end();
    await done;
    kept = true;
  }

  return {
    name,
    open: () => (kept ? createReadStream(file).pipe(createGunzip()) : first()),
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
