import { StoreRefusedError, StoreUnavailableError } from '@onlyonce/core';

/** Replies that no repetition changes; everything else counts as a store that is away for now. */
const FINAL_REPLY = /^(WRONGTYPE|NOPERM|NOAUTH|WRONGPASS|ERR unknown command)/;

/**
 * Bounds a call that goes past the engine: the client can swallow a call when its connection dies half open.
 * @param what it is about, for the text of errors
 * @throws StoreUnavailableError no answer in time, or not now
 * @throws StoreRefusedError rights are missing, or the key holds something else
 */
export async function answered<T>(reply: Promise<T>, withinMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new StoreUnavailableError(`${what}: no answer within ${Math.round(withinMs)} ms`));
    }, withinMs);
  });
  try {
    return await Promise.race([reply, late]);
  } catch (error) {
    throw callFault(error, what);
  } finally {
    clearTimeout(timer);
  }
}

/** A driver's error in the words of the engine. */
export function callFault(error: unknown, what: string): StoreUnavailableError | StoreRefusedError {
  if (error instanceof StoreUnavailableError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const Fault = FINAL_REPLY.test(text) ? StoreRefusedError : StoreUnavailableError;
  return new Fault(`${what}: ${text}`, { cause: error });
}
