import { z } from 'zod';
import {
  createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject, type ZodOpenApiResponseObject,
} from 'zod-openapi'; // prettier-ignore
import { problem } from '../contracts/common.ts';
import type { Endpoint } from './endpoint.ts';
import type { UploadSpec } from './upload.ts';

export const apiPrefix = '/api/v1';

/** OpenAPI 3.1 of the endpoints, made from the schemas that check the requests. Deterministic: the committed copy is checked for drift. */
export function openApiDocument(endpoints: readonly Endpoint[]): Readonly<Record<string, unknown>> {
  const paths: ZodOpenApiPathsObject = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method]: operation(endpoint) };
  }
  return {
    ...createDocument({
      openapi: '3.1.0',
      info: {
        title: 'Pantau DC',
        version: '1',
        description:
          'Lists are pages {items, next}: ask the next with ?cursor=. Times are ISO 8601 with offset. Problems are RFC 9457.',
      },
      servers: [{ url: apiPrefix }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'pantau' },
        },
        responses: {
          problem: { description: 'Refused', content: { 'application/problem+json': { schema: problem } } },
        },
      },
      paths,
    }),
  };
}

function operation(endpoint: Endpoint): ZodOpenApiOperationObject {
  const { params, query, body } = endpoint.input;
  const empty = endpoint.output instanceof z.ZodUndefined;
  return {
    operationId: operationId(endpoint),
    summary: endpoint.summary,
    ...access(endpoint.role),
    requestParams: {
      ...(params instanceof z.ZodObject ? { path: params } : {}),
      ...(query instanceof z.ZodObject
        ? { query: endpoint.csv ? query.safeExtend({ format: z.enum(['json', 'csv']).optional() }) : query }
        : {}),
    },
    ...(endpoint.upload === undefined ? {} : { requestBody: fileBody(endpoint.upload) }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [String(endpoint.status ?? (empty ? 204 : 200))]: empty ? { description: 'Done' } : answer(endpoint),
      default: { $ref: '#/components/responses/problem' },
    },
  };
}

function fileBody({ types }: UploadSpec): NonNullable<ZodOpenApiOperationObject['requestBody']> {
  const binary = { schema: { type: 'string', format: 'binary' } } as const;
  return { required: true, content: Object.fromEntries(types.map((type) => [type, binary])) };
}

function answer({ output, csv, file }: Endpoint): ZodOpenApiResponseObject {
  if (file !== undefined)
    return {
      description: 'A file',
      content: { [file]: { schema: { type: 'string', format: 'binary' } } },
    };
  return {
    description: 'OK',
    content: {
      'application/json': { schema: output },
      ...(csv ? { 'text/csv': { schema: z.string() } } : {}),
    },
  };
}

function access(role: Endpoint['role']): Pick<ZodOpenApiOperationObject, 'description' | 'security'> {
  if (role === 'public') return { description: 'Open to everyone.', security: [] };
  if (role === 'collector')
    return { description: 'For tokens of role collector.', security: [{ token: [] }] };
  return { description: `Role: ${role} and above.`, security: [{ token: [] }, { session: [] }] };
}

/** `get /points/:id/history` → `getPointsIdHistory`. */
function operationId(endpoint: Endpoint): string {
  const words = endpoint.path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return endpoint.method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
