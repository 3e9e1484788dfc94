// @ts-check
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * @param {readonly string[]} args
 * @param {number} [deadlineMs]
 * @returns {Promise<string>} what it printed
 */
export async function docker(args, deadlineMs = 20_000) {
  const { stdout } = await run('docker', [...args], { timeout: deadlineMs, encoding: 'utf8' });
  return stdout.trim();
}

/** Whether an engine answers; not merely whether the client is installed. */
export async function dockerAnswers() {
  try {
    return (await docker(['version', '--format', '{{.Server.Version}}'], 5_000)) !== '';
  } catch {
    return false;
  }
}

/**
 * Takes the image from this machine, else from its registry.
 * @param {string} image
 * @returns {Promise<boolean>} whether it is here now
 */
export async function imageIsHere(image) {
  try {
    await docker(['image', 'inspect', '--format', '{{.Id}}', image]);
    return true;
  } catch {
    return docker(['pull', '--quiet', image], 120_000).then(
      () => true,
      () => false,
    );
  }
}

/**
 * @param {string} name
 * @returns {Promise<boolean>}
 */
export async function containerRuns(name) {
  return (await docker(['ps', '--quiet', '--filter', `name=^${name}$`]).catch(() => '')) !== '';
}

/**
 * Stops and removes a container and its unnamed volumes.
 * @param {string} name
 * @param {number} graceMs
 * @returns {Promise<'was gone' | 'stopped'>}
 */
export async function removeContainer(name, graceMs) {
  const found = await docker(['ps', '--all', '--quiet', '--filter', `name=^${name}$`]).catch(() => '');
  if (found === '') return 'was gone';
  if (graceMs > 0)
    await docker(['stop', '--time', String(Math.ceil(graceMs / 1_000)), name], graceMs + 20_000);
  await docker(['rm', '--force', '--volumes', name]);
  return 'stopped';
}
