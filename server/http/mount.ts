import express, { Router, type Express, type Request, type RequestHandler, type Response } from 'express';
import type { Logger } from 'pino';
import { holds, type Identity } from '../auth/identity.ts';
import { isForeignOrigin } from '../auth/auth.ts';
import type { CommandRecord } from '../contracts/audit.ts';
import type { Endpoint, SessionControl } from './endpoint.ts';
import { apiPrefix, openApiDocument } from './openapi.ts';
import { FileAnswer, sendFile } from './file.ts';
import { createHeavyLimits, type HeavyLimits } from './limits.ts';
import { ProblemError, badInput, bodyLimit, problemHandler } from './problem.ts';
import { keepRawBody } from './raw.ts';
import { isList, sendCsv, sendJsonList } from './send.ts';
import { bodyOf, checkUpload } from './upload.ts';
import { StreamedList, StreamedValue, sendStreamed, sendValue } from './stream.ts';

export interface MountOptions {
  /** Who asks; throws a 401 ProblemError for a token that is no good. */
  identify(request: Request): Promise<Identity | undefined>;
  session(request: Request): SessionControl;
  readonly log: Logger;
  /** Keeps what was commanded, also what was refused, before it is answered. */
  readonly audit?: ((command: CommandRecord) => Promise<void>) | undefined;
  /** In tests: an output that is not what the endpoint declares becomes a 500. */
  readonly checkOutput?: boolean;
}

/** Mounts the endpoints, their OpenAPI document and the problems of everything else below `/api/v1`. */
export function mountEndpoints(app: Express, endpoints: readonly Endpoint[], options: MountOptions): void {
  const router = Router();
  router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  const limits = createHeavyLimits();
  const document = openApiDocument(endpoints);
  router.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  for (const endpoint of endpoints) {
    router[endpoint.method](endpoint.path, ...handlers(endpoint, { ...options, limits }));
  }
  for (const path of new Set(endpoints.map((endpoint) => endpoint.path)))
    router.all(path, wrongMethod(path, endpoints));
  router.use((request) => {
    throw new ProblemError(404, {
      detail: `there is no ${apiPrefix}${request.path}; see ${apiPrefix}/openapi.json`,
    });
  });
  router.use(problemHandler(options.log));
  app.use(apiPrefix, router);
}

/** The role is checked before the body is read: nobody unknown makes the server parse a megabyte. */
function handlers(
  endpoint: Endpoint,
  options: MountOptions & { readonly limits: HeavyLimits },
): RequestHandler[] {
  const identities = new WeakMap<Request, Identity>();
  const record = auditOf(endpoint, options.audit);
  return [
    async (request, _response, next) => {
      const identity = await options.identify(request);
      if (
        identity?.by !== 'token' &&
        endpoint.method !== 'get' &&
        isForeignOrigin(request.headers, request.host)
      ) {
        throw new ProblemError(403, {
          detail: `writes must come from this server's own pages, not from ${request.headers.origin ?? 'another site'}`,
        });
      }
      try {
        if (endpoint.role !== 'public') authorise(identity, endpoint.role);
      } catch (error) {
        // Whoever is not signed in leaves no entry: anybody could fill the disk that way.
        if (identity !== undefined) await record(request, identity, error);
        throw error;
      }
      if (identity !== undefined) identities.set(request, identity);
      if (endpoint.upload !== undefined) checkUpload(request, endpoint.upload);
      else if (
        request.headers['content-type'] !== undefined &&
        hasBody(request) &&
        request.is('application/json') === false
      ) {
        throw new ProblemError(415, { detail: 'send the body as application/json' });
      }
      next();
    },
    ...(endpoint.upload === undefined
      ? [
          express.json({
            limit: endpoint.bodyLimit ?? bodyLimit,
            ...(endpoint.guards.length === 0 ? {} : { verify: keepRawBody }),
          }),
        ]
      : []),
    ...endpoint.guards,
    async (request, response) => {
      const { format, ...query } = request.query;
      const csv = endpoint.csv && wantsCsv(request, format);
      const gone = clientGone(response);
      const user = identities.get(request);
      const run = async (rest: Request['query'], signal: AbortSignal): Promise<unknown> => {
        try {
          const output = await endpoint.run(
            {
              params: request.params,
              query: endpoint.csv ? rest : request.query,
              body: endpoint.upload === undefined && hasBody(request) ? request.body : {},
            },
            { user, session: options.session(request), signal, incoming: bodyOf(request) },
          );
          await record(request, user, undefined);
          return output;
        } catch (error) {
          await record(request, user, error);
          throw error;
        }
      };
      const answer = async (): Promise<void> => {
        const output = await run(query, gone);
        const check = options.checkOutput === true;
        const schema = check ? endpoint.output : undefined;
        if (output instanceof StreamedList) {
          await sendStreamed(response, output, { csv, signal: gone, schema });
          return;
        }
        if (output instanceof StreamedValue) {
          await sendValue(response, output, { signal: gone, schema });
          return;
        }
        if (check) endpoint.output.parse(output);
        await send(response, output, { endpoint, csv, signal: gone });
      };
      try {
        await (endpoint.heavy ? options.limits.run(user?.name ?? request.ip ?? '', gone, answer) : answer());
      } catch (error) {
        // Nobody is there to be told.
        if (!gone.aborted) throw error;
      }
    },
  ];
}

/** Collectors deliver readings by the batch: those are data, not commands. */
function auditOf(
  endpoint: Endpoint,
  audit: MountOptions['audit'],
): (request: Request, identity: Identity | undefined, error: unknown) => Promise<void> {
  const { method, path, role, status = 200 } = endpoint;
  if (audit === undefined || method === 'get' || role === 'collector') return () => Promise.resolve();
  return (request, identity, error) =>
    audit({
      actor: identity?.name ?? '',
      role: identity?.role ?? '',
      address: request.ip ?? '',
      method: request.method,
      path,
      params: request.params,
      // Of a file what was said of it is kept, not the file.
      body: endpoint.upload !== undefined ? { ...request.query } : hasBody(request) ? request.body : null,
      status: error === undefined ? status : error instanceof ProblemError ? error.status : 500,
      // What failed inside is for the log of the server only.
      problem: error === undefined ? null : error instanceof ProblemError ? error.message : 'internal error',
    });
}

function authorise(identity: Identity | undefined, role: Exclude<Endpoint['role'], 'public'>): void {
  if (identity === undefined) {
    throw new ProblemError(401, {
      detail: 'sign in, or send a token as "Authorization: Bearer …"',
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
  if (!holds(identity.role, role))
    throw new ProblemError(403, { detail: `needs role ${role}; ${identity.name} has ${identity.role}` });
}

function hasBody(request: Request): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}

function wantsCsv(request: Request, format: unknown): boolean {
  if (format === undefined) return request.accepts(['application/json', 'text/csv']) === 'text/csv';
  if (format !== 'csv' && format !== 'json') throw badInput('query.format', 'must be "csv" or "json"');
  return format === 'csv';
}

/** Aborts when the connection closes before the answer is out. */
function clientGone(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new Error('the client has gone'));
  });
  return controller.signal;
}

interface Sending {
  readonly endpoint: Endpoint;
  readonly csv: boolean;
  readonly signal: AbortSignal;
}

async function send(response: Response, output: unknown, { endpoint, csv, signal }: Sending): Promise<void> {
  if (output === undefined) {
    response.status(endpoint.status ?? 204).end();
    return;
  }
  if (output instanceof FileAnswer) {
    sendFile(response, output);
    return;
  }
  const status = endpoint.status ?? 200;
  if (!(csv || endpoint.heavy) || !isList(output)) response.status(status).json(output);
  else if (csv) await sendCsv(response, output, { nextParameter: endpoint.nextParameter, signal });
  else await sendJsonList(response, output, { status, signal });
}

function wrongMethod(path: string, endpoints: readonly Endpoint[]): RequestHandler {
  const allow = endpoints
    .filter((endpoint) => endpoint.path === path)
    .map((endpoint) => endpoint.method.toUpperCase());
  return (request) => {
    throw new ProblemError(405, {
      detail: `${request.method} is not possible here; ${allow.join(', ')} is`,
      headers: { Allow: allow.join(', ') },
    });
  };
}
