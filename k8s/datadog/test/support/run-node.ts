import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The official client is some thousand files: Node.js loads them in a second, Jest in forty. */
export function runNode(
  file: string,
  { args = [], input = '' }: { args?: readonly string[]; input?: string } = {},
): string {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], {
    input,
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (status !== 0) throw new Error(`${file} ended with ${status ?? 'a signal'}: ${stderr}`);
  return stdout;
}
