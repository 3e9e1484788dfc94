import { execFile } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const script = new URL('logging-service.mjs', import.meta.url).pathname;

/** The lines that came out of the process before the given signal (0: a normal exit) ended it. */
async function linesUntil(signal: 'SIGKILL' | '0'): Promise<unknown[]> {
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [script, signal],
      { env: { ...process.env, NODE_OPTIONS: '' } },
      (_error, stdout) => {
        resolve(stdout);
      },
    );
  });
  return output
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly line: unknown }).line);
}

const thousand = Array.from({ length: 1_000 }, (_, index) => index + 1);

describe('a logger on standard output', () => {
  it('has lost nothing but the running turn when the process is killed', async () => {
    expect(await linesUntil('SIGKILL')).toEqual(thousand);
  });

  it('has lost nothing when the process exits', async () => {
    expect(await linesUntil('0')).toEqual([...thousand, 'of the last turn']);
  });
});
