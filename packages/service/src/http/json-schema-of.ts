import type { ApiBodyOptions } from '@nestjs/swagger';
import { z } from 'zod';

type SchemaObject = Extract<ApiBodyOptions, { schema: unknown }>['schema'];

/** A schema as the API description shows it, for places that do not take the schema itself. */
export function jsonSchemaOf(schema: z.ZodType): SchemaObject {
  const { $schema: _, ...shown } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    override: ({ jsonSchema }) => {
      // OpenAPI 3.0 knows one example only.
      const { examples } = jsonSchema;
      if (!Array.isArray(examples)) return;
      jsonSchema['example'] = examples[0];
      delete jsonSchema.examples;
    },
  });
  // The library's type is narrower than what JSON Schema says; what zod makes is valid OpenAPI.
  return shown as SchemaObject;
}
