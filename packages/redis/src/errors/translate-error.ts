import { OnlyonceError, StoreFullError, StoreRefusedError, StoreUnavailableError } from '@onlyonce/core';
import { isError } from './as-error.js';
import { withoutArguments } from './without-arguments.js';

/**
 * Replies that pass by themselves: the server is starting, changing its role, short of disk, or has forgotten our
 * scripts. Whether a call took effect is unknown only for some of them; asking again with the same arguments is
 * right for all.
 */
const PASSING_CODES: ReadonlySet<string> = new Set([
  'LOADING',
  'READONLY',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'BUSY',
  'TRYAGAIN',
  'MISCONF',
  'NOREPLICAS',
  'NOSCRIPT',
  'UNBLOCKED',
  // Left over when the driver gave up following them.
  'MOVED',
  'ASK',
]);

/** Passing conditions that Redis reports under the general code ERR. */
const PASSING_ERR_TEXTS: readonly string[] = [
  'max number of clients reached',
  'Script killed by user',
  'WAIT cannot be used with replica instances',
  'WAITAOF cannot be used with replica instances',
  'BUSY Redis is busy',
];

/** What a socket, a resolver or TLS says when the other side is away; `code` of a Node error. */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'ERR_SOCKET_CLOSED',
]);

/** Errors the driver makes itself, by class name; not `instanceof`, since a service may have its own copy of it. */
const DRIVER_CLASSES: ReadonlySet<string> = new Set([
  'AbortError',
  'InterruptError',
  'MaxRetriesPerRequestError',
  'ClusterAllFailedError',
]);

/** Errors the driver makes as plain `Error`, by the beginning of their text. */
const DRIVER_TEXTS: readonly string[] = [
  'Connection is closed.',
  "Stream isn't writeable",
  "Cluster isn't ready",
  'Cluster is disconnect',
  'Command timed out',
  'connect ETIMEDOUT',
  'Socket timeout.',
  'Socket closed unexpectedly',
  'None of startup nodes is available',
  'All sentinels are unreachable',
  'Too many Cluster redirections.',
  'Failed to refresh slots cache.',
  'Redis is already connecting/connected',
];

/**
 * Turns what the driver threw into the engine's errors, the original as `cause` (without the arguments of the call).
 * An error that is neither from the driver nor from Redis is a fault of ours: it comes back as it is.
 * @param what the call, for the text: "commit", "subscribe to orders"
 */
export function translateError(error: unknown, what: string): Error {
  if (error instanceof OnlyonceError) return error;
  if (!isError(error)) return new StoreRefusedError(`${what}: ${String(error)}`);
  const cause = withoutArguments(error);
  const text = `${what}: ${error.message}`;
  if (error.name === 'ReplyError') return fromReply(error.message, text, cause);
  if (isFromConnection(error)) return new StoreUnavailableError(text, { cause });
  return error;
}

/**
 * The same for an error that a connection reported by itself. There anything unknown (a certificate that does not
 * hold, say) means that the store cannot be reached.
 */
export function translateConnectionError(error: Error, what: string): OnlyonceError {
  const translated = translateError(error, what);
  if (translated instanceof OnlyonceError) return translated;
  return new StoreUnavailableError(`${what}: ${error.message}`, { cause: translated });
}

function fromReply(reply: string, text: string, cause: Error): OnlyonceError {
  const space = reply.indexOf(' ');
  const code = space < 0 ? reply : reply.slice(0, space);
  if (code === 'OOM') return new StoreFullError(text, { cause });
  if (PASSING_CODES.has(code)) return new StoreUnavailableError(text, { cause });
  if (code === 'ERR' && PASSING_ERR_TEXTS.some((passing) => reply.includes(passing))) {
    return new StoreUnavailableError(text, { cause });
  }
  return new StoreRefusedError(text, { cause });
}

function isFromConnection(error: Error): boolean {
  if (DRIVER_CLASSES.has(error.name)) return true;
  if ('code' in error && typeof error.code === 'string' && NETWORK_CODES.has(error.code)) return true;
  return DRIVER_TEXTS.some((beginning) => error.message.startsWith(beginning));
}
