// @ts-check
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { Problem } from './problem.mjs';

const run = promisify(execFile);
const OUTPUT_BYTES = 256 * 1024 * 1024;

/** What each program is for, and where it comes from. */
const PROGRAMS = {
  kubectl: { asks: ['version', '--client'], from: 'https://kubernetes.io/docs/tasks/tools' },
  helm: { asks: ['version', '--short'], from: 'https://helm.sh/docs/intro/install' },
  docker: { asks: ['--version'], from: 'https://docs.docker.com/engine/install' },
  kind: { asks: ['version'], from: 'https://kind.sigs.k8s.io' },
};

/** @typedef {keyof typeof PROGRAMS} Program */

/**
 * Whether a program is on PATH and runs.
 * @param {Program} program
 */
export async function isHere(program) {
  return run(program, PROGRAMS[program].asks).then(
    () => true,
    () => false,
  );
}

/**
 * @param {readonly Program[]} programs
 * @throws Problem that names those that are missing
 */
export async function need(...programs) {
  const here = await Promise.all(programs.map(isHere));
  const missing = programs.filter((_, index) => !here[index]);
  if (missing.length === 0) return;
  const where = missing.map((program) => `${program} (${PROGRAMS[program].from})`).join(' and ');
  throw new Problem(`not on PATH: ${where}`);
}

/**
 * Runs a program and waits for its end.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ deadlineMs?: number }} [options]
 * @returns {Promise<string>} what it printed
 * @throws Error with what it said on stderr
 */
export async function output(program, args, { deadlineMs = 60_000 } = {}) {
  try {
    const options = { timeout: deadlineMs, maxBuffer: OUTPUT_BYTES, encoding: /** @type {const} */ ('utf8') };
    return (await run(program, [...args], options)).stdout;
  } catch (error) {
    const { stderr, killed, message } = /** @type {Error & { stderr?: string, killed?: boolean }} */ (error);
    const reason = killed ? `no answer within ${deadlineMs / 1_000} s` : stderr?.trim() || message;
    throw new Error(`${program} ${args.slice(0, 6).join(' ')}: ${reason}`, { cause: error });
  }
}

/**
 * Runs a program whose output people may read.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string }} [options]
 * @throws Error when it fails
 */
export async function show(program, args, { cwd } = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], ...(cwd ? { cwd } : {}) });
  const [code, signal] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ${args.slice(0, 3).join(' ')} ended with ${signal ?? code}`);
}

/**
 * Hands what one program prints to a command of a shell.
 * @param {readonly [string, readonly string[]]} from
 * @param {string} command
 * @throws Error when one of them fails
 */
export async function pipeInto([program, args], command) {
  const source = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const sink = spawn('sh', ['-c', command], { stdio: ['pipe', 'inherit', 'inherit'] });
  const ends = Promise.all([once(source, 'exit'), once(sink, 'exit')]);
  // A command that does not read to the end is told by its exit code.
  await pipeline(source.stdout, sink.stdin).catch(() => undefined);
  const [[sourceCode], [sinkCode]] = await ends;
  if (sinkCode !== 0) throw new Error(`LOAD_COMMAND ended with ${sinkCode}: ${command}`);
  if (sourceCode !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${sourceCode}`);
}
