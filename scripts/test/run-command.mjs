import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a command that shows its own output; counts as one check. */
export async function runCommand(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
