import { isNativeError } from 'node:util/types';

/**
 * Not `instanceof`: errors of Node's own modules come from another realm when code runs in a VM context, as under
 * Jest. `Error.isError` will do it once the oldest Node supported is 24.
 */
export function isError(thrown: unknown): thrown is Error {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
  return isNativeError(thrown);
}

/** What was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error(String(thrown));
}
