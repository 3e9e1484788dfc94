import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { InvalidInputError, ShuttingDownError, StoreFullError, StoreUnavailableError } from '@onlyonce/core';
import { badRequest, ProblemError, unavailable } from './problem.js';

/**
 * The answer to any error. What is not expected is answered with nothing but its status: neither texts of other
 * people's code nor stack traces leave the process.
 */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof StoreFullError) return unavailable('the store is full; nothing was written', error);
  if (error instanceof StoreUnavailableError) return unavailable('the store is away', error);
  if (error instanceof ShuttingDownError) return unavailable('this pod is shutting down', error);
  if (error instanceof InvalidInputError) return badRequest([{ field: error.field, message: error.reason }]);
  const status = error instanceof HttpException ? error.getStatus() : 500;
  const detail =
    error instanceof HttpException && status < 500 ? error.message : 'unexpected fault; see the log';
  return new ProblemError({ status, title: titleOf(status), detail }, { cause: error });
}

function titleOf(status: number): string {
  return STATUS_CODES[status] ?? 'Error';
}
