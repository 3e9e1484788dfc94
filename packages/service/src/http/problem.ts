/** One wrong field of a request. */
export interface FieldFault {
  /** Path in the body (`items.0.quantity`), name of a header, or name of a query parameter. */
  readonly field: string;
  readonly message: string;
}

/** RFC 9457, with the faults one by one for machines. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldFault[];
  readonly orderId?: string;
}

type ProblemFields = Omit<Problem, 'type'> & {
  readonly type?: string;
  readonly retryAfterSeconds?: number;
};

/** An answer that is no success, thrown from wherever it becomes clear. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  readonly retryAfterSeconds: number | undefined;

  constructor({ retryAfterSeconds, type = 'about:blank', ...rest }: ProblemFields, options?: ErrorOptions) {
    super(rest.detail, options);
    this.problem = { type, ...rest };
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export function badRequest(faults: readonly FieldFault[]): ProblemError {
  const fields = [...new Set(faults.map(({ field }) => field))].join(', ');
  return new ProblemError({
    status: 400,
    title: 'Bad Request',
    detail: `not usable: ${fields}`,
    errors: faults,
  });
}

export function notFound(detail: string): ProblemError {
  return new ProblemError({ status: 404, title: 'Not Found', detail });
}

export function conflict(
  detail: string,
  fields: { readonly orderId?: string; readonly errors?: readonly FieldFault[] } = {},
): ProblemError {
  return new ProblemError({ status: 409, title: 'Conflict', detail, ...fields });
}

/** 503 that may be asked again soon. */
export function unavailable(
  detail: string,
  cause: unknown,
  fields: { readonly orderId?: string } = {},
): ProblemError {
  return new ProblemError(
    { status: 503, title: 'Service Unavailable', detail, retryAfterSeconds: 1, ...fields },
    { cause },
  );
}
