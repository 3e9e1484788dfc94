import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { jsonSchemaOf } from './json-schema-of.js';
import { problemSchema } from './problem-schema.js';

interface ApiDocs {
  readonly title: string;
  readonly description: string;
  readonly version: string;
}

/** GET /docs for people, /docs-json for machines. The description is made when it is first asked for. */
export function serveApiDocs(app: INestApplication, { title, description, version }: ApiDocs): void {
  const config = new DocumentBuilder()
    .setTitle(title)
    .setDescription(description)
    .setVersion(version)
    .build();
  const document = (): OpenAPIObject => {
    const made = SwaggerModule.createDocument(app, config);
    const { components = {} } = made;
    return {
      ...made,
      components: { ...components, schemas: { ...components.schemas, Problem: jsonSchemaOf(problemSchema) } },
    };
  };
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs-json', yamlDocumentUrl: 'docs-yaml' });
}
