// @ts-check

/** Something that is missing or wrong around us, in one line for people: nothing was done. Exit code 2. */
export class Problem extends Error {}

/**
 * Runs a command of `make`, and tells what stopped it.
 * @param {string} name such as k8s-up
 * @param {() => Promise<number | void>} command
 * @param {() => void} [onExit] the last moment of this process
 */
export async function runCommand(name, command, onExit = () => undefined) {
  process.on('exit', onExit);
  for (const [signal, code] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])) {
    process.once(signal, () => {
      console.error(`\n${name}: interrupted`);
      process.exit(code);
    });
  }
  try {
    process.exitCode = (await command()) ?? 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(`${name}: ${message}`);
    process.exitCode = error instanceof Problem ? 2 : 1;
  }
}
