import { StandardSchemaValidationPipe } from '@nestjs/common';
import { fieldFaults } from './field-faults.js';
import { badRequest, type ProblemError } from './problem.js';

/** Checks what routes declare as `{ schema }`, and names every wrong field at once. */
export class SchemaPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues): ProblemError => badRequest(fieldFaults(issues)) });
  }

  /** Not done: our schemas refuse unknown fields, and a field that is removed could not be refused any more. */
  protected override stripProtoKeys(): void {
    // Nothing to strip.
  }
}
