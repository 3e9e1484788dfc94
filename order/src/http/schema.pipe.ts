import { StandardSchemaValidationPipe } from '@nestjs/common';
import { badRequest, type FieldFault, type ProblemError } from './problem.js';

/** The part of an issue that is read; zod tells unknown fields in `keys`. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly keys?: readonly string[];
}

/** Checks what routes declare as `{ schema }`, and names every wrong field of the request at once. */
export class SchemaPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues): ProblemError => badRequest(faultsOf(issues)) });
  }

  /** Not done: our schemas refuse unknown fields, and a field that is removed could not be refused any more. */
  protected override stripProtoKeys(): void {
    // Nothing to strip.
  }
}

function faultsOf(issues: readonly Issue[]): FieldFault[] {
  const faults = issues.flatMap(({ path = [], message, keys }): FieldFault[] => {
    const field = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    if (!keys) return [{ field: field || 'body', message }];
    return keys.map((key) => ({ field: field ? `${field}.${key}` : key, message: 'is not a known field' }));
  });
  // One rule may be broken in several ways (too short and of the wrong characters); one line is enough.
  const lines = new Map(faults.map((fault) => [`${fault.field}\n${fault.message}`, fault]));
  return [...lines.values()];
}
