import { ApiResponse } from '@nestjs/swagger';

/** Describes an answer that is a problem. */
export function ApiProblem(status: number, description: string): MethodDecorator {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return ApiResponse({ status, description, content });
}
