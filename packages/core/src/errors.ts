/** Every error of the engine has one of these codes; docs/errors.md lists cause and cure of each. */
export type ErrorCode =
  | 'INVALID_INPUT'
  | 'STORE_UNAVAILABLE'
  | 'STORE_REFUSED'
  | 'STORE_FULL'
  | 'LAYOUT_MISMATCH'
  | 'GUARANTEE_TOO_WEAK'
  | 'LOCK_LOST'
  | 'HANDLER_TIMEOUT'
  | 'RETRYABLE_FAILURE'
  | 'PERMANENT_FAILURE'
  | 'BUSINESS_REJECTION'
  | 'INVALID_MESSAGE'
  | 'SHUTTING_DOWN';

/** Base of all errors of the engine. Branch on `code`, never on the message text. */
export abstract class OnlyonceError extends Error {
  abstract readonly code: ErrorCode;
  /** Whether the same call may succeed later without any change by the caller. */
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Thrown when a value given by the caller is not usable; nothing was done. */
export class InvalidInputError extends OnlyonceError {
  readonly code = 'INVALID_INPUT';
  readonly retryable = false;

  constructor(
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field} ${reason}`);
  }
}

/** Thrown when the store did not answer in time or cannot serve now. Whether the call took effect is unknown. */
export class StoreUnavailableError extends OnlyonceError {
  readonly code = 'STORE_UNAVAILABLE';
  readonly retryable = true;
}

/** Thrown when the store refuses a call for good: missing rights, a wrong key type, a script fault. */
export class StoreRefusedError extends OnlyonceError {
  readonly code = 'STORE_REFUSED';
  readonly retryable = false;
}

/** Thrown when the store has no memory left for new messages; nothing was written. */
export class StoreFullError extends OnlyonceError {
  readonly code = 'STORE_FULL';
  readonly retryable = true;
}

/** Thrown when the keys in the store were written by a version with another layout. */
export class LayoutMismatchError extends OnlyonceError {
  readonly code = 'LAYOUT_MISMATCH';
  readonly retryable = false;
}

/** Thrown at start when a durable store is required and the deployment can lose acknowledged messages. */
export class GuaranteeTooWeakError extends OnlyonceError {
  readonly code = 'GUARANTEE_TOO_WEAK';
  readonly retryable = false;

  constructor(readonly weaknesses: readonly string[]) {
    super(`the deployment can lose acknowledged messages: ${weaknesses.join('; ')}`);
  }
}

/** The reason of a handler's AbortSignal when another pod may have taken the message over. */
export class LockLostError extends OnlyonceError {
  readonly code = 'LOCK_LOST';
  readonly retryable = true;
}

/** The reason of a handler's AbortSignal, and of the failure recorded, when it ran longer than allowed. */
export class HandlerTimeoutError extends OnlyonceError {
  readonly code = 'HANDLER_TIMEOUT';
  readonly retryable = true;
}

/** Throw it from a handler when trying again later may help. Any error that is not ours counts as this. */
export class RetryableFailure extends OnlyonceError {
  readonly code = 'RETRYABLE_FAILURE';
  readonly retryable = true;
}

/** Throw it from a handler when trying again cannot help: the message becomes a dead letter at once. */
export class PermanentFailure extends OnlyonceError {
  readonly code = 'PERMANENT_FAILURE';
  readonly retryable = false;
}

/**
 * Throw it from a handler when the business says no (out of stock, account closed). That is a result, not a
 * failure: the message is processed with outcome "rejected", and only what was declared for a rejection is written.
 */
export class BusinessRejection extends OnlyonceError {
  readonly code = 'BUSINESS_REJECTION';
  readonly retryable = false;

  constructor(readonly reason: string) {
    super(reason);
  }
}

/** Recorded when a message does not fit its schema; the message becomes a dead letter. */
export class InvalidMessageError extends OnlyonceError {
  readonly code = 'INVALID_MESSAGE';
  readonly retryable = false;
}

/** Thrown to callers whose work was still waiting when the process shut down; nothing was sent. */
export class ShuttingDownError extends OnlyonceError {
  readonly code = 'SHUTTING_DOWN';
  readonly retryable = true;
}

/** The code of any error: ours as it is, everything else as a retryable failure. */
export function errorText(error: unknown): string {
  if (error instanceof OnlyonceError) return `${error.code}: ${error.message}`;
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return String(error);
}
