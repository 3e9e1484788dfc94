import { NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import {
  InvalidInputError,
  ShuttingDownError,
  StoreFullError,
  StoreRefusedError,
  StoreUnavailableError,
} from '@onlyonce/core';
import { describe, expect, it } from '@jest/globals';
import { problemOf } from './problem-of.js';
import { notFound } from './problem.js';

describe('problemOf', () => {
  it.each([
    [new StoreUnavailableError('x'), 503, 1],
    [new StoreFullError('x'), 503, 1],
    [new ShuttingDownError('x'), 503, 1],
    [new InvalidInputError('orderId', 'is wrong'), 400, undefined],
    [notFound('x'), 404, undefined],
    [new NotFoundException('x'), 404, undefined],
    [new ServiceUnavailableException('x'), 503, undefined],
    [new StoreRefusedError('x'), 500, undefined],
    [new TypeError('x'), 500, undefined],
    ['x', 500, undefined],
  ] as const)('answers %s with %d', (error, status, retryAfterSeconds) => {
    const { problem, ...rest } = problemOf(error);
    expect(problem).toMatchObject({ type: 'about:blank', status });
    expect(rest.retryAfterSeconds).toBe(retryAfterSeconds);
  });

  it('tells nobody what is inside an unexpected fault', () => {
    const text = JSON.stringify(problemOf(new StoreRefusedError('NOPERM user order at 10.0.0.1')).problem);
    expect(text).not.toContain('10.0.0.1');
  });

  it('names the field of an input that is refused later', () => {
    expect(problemOf(new InvalidInputError('orderId', 'is wrong')).problem.errors).toEqual([
      { field: 'orderId', message: 'is wrong' },
    ]);
  });
});
