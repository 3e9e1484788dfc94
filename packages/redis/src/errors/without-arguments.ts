/**
 * Takes from a driver error the arguments of the command that failed. The driver attaches them, and a logger that
 * prints an error with its properties would print passwords (HELLO ... AUTH) and message bodies.
 */
export function withoutArguments(error: Error): Error {
  if ('command' in error && typeof error.command === 'object' && error.command !== null) {
    const name = 'name' in error.command ? error.command.name : undefined;
    Object.defineProperty(error, 'command', {
      value: { name },
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  return error;
}
