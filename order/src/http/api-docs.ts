import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { problemSchema } from './problem-schema.js';

interface ApiDocs {
  readonly title: string;
  readonly description: string;
  readonly version: string;
}

/** GET /docs for people, /docs-json for machines. The description is made when it is first asked for. */
export function serveApiDocs(app: INestApplication, { title, description, version }: ApiDocs): void {
  const config = new DocumentBuilder().setTitle(title).setDescription(description).setVersion(version).build();
  const document = (): OpenAPIObject => {
    const made = SwaggerModule.createDocument(app, config);
    const { $schema: _, ...problem } = z.toJSONSchema(problemSchema, { target: 'openapi-3.0' });
    // The library's type of a schema is narrower than what JSON Schema and OpenAPI allow.
    Object.assign(((made.components ??= {}).schemas ??= {}), { Problem: problem });
    return made;
  };
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs-json', yamlDocumentUrl: 'docs-yaml' });
}
