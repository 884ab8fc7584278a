import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { Problem } from '../contracts/common.ts';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';

/** `code`: the kind of mistake, for programs. */
interface Mistake {
  readonly path: string;
  readonly message: string;
  readonly code?: string;
}

interface ProblemOptions {
  readonly detail?: string;
  readonly errors?: readonly Mistake[];
  /** Why, for programs. */
  readonly code?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** For a 5xx: what failed, for the log only. */
  readonly cause?: unknown;
}

/** What a handler throws to refuse a request: RFC 9457, sent as it is. */
export class ProblemError extends Error {
  readonly status: number;
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, { detail, errors, code, headers, cause }: ProblemOptions = {}) {
    const title = STATUS_CODES[status] ?? 'Error';
    super(detail ?? title, { cause });
    this.name = 'ProblemError';
    this.status = status;
    this.headers = headers ?? {};
    this.problem = {
      type: 'about:blank',
      title,
      status,
      ...(detail === undefined ? {} : { detail }),
      ...(errors === undefined ? {} : { errors: [...errors] }),
      ...(code === undefined ? {} : { code }),
    };
  }
}

/** 404: what was asked for by name is not there. */
export function notFound(detail: string): ProblemError {
  return new ProblemError(404, { detail });
}

/** 400 for one input; `path` as in `body.rooms[0]`, `query.from`, `params.id`. */
export function badInput(path: string, message: string): ProblemError {
  return new ProblemError(400, { detail: `${path}: ${message}`, errors: [{ path, message }] });
}

/** 422: well-formed, but it names things that are not there or breaks a rule of the house. */
export function unprocessable(errors: readonly Mistake[]): ProblemError {
  return new ProblemError(422, {
    detail: errors.map(({ path, message }) => `${path}: ${message}`).join('; '),
    errors,
  });
}

/** 409: the thing is not in a state that allows this. */
export function conflict(detail: string, code?: string): ProblemError {
  return new ProblemError(409, { detail, code });
}

/** What zod found, as a 400 that names every place. */
export function fromZod(error: z.ZodError): ProblemError {
  const errors = error.issues.map((issue) => ({ path: pathText(issue.path), message: issue.message }));
  return new ProblemError(400, {
    detail: errors.map(({ path, message }) => `${path}: ${message}`).join('; '),
    errors,
  });
}

/** `['body', 'rooms', 0]` as people write it: `body.rooms[0]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
}

export const bodyLimit = '1mb';

/** Refusals of express itself: malformed JSON (400), a body too large (413), an unknown encoding (415), bad %-escapes (400). */
const httpError = z.object({
  status: z.int().min(400).max(499),
  type: z.string().optional(),
  limit: z.number().optional(),
  message: z.string(),
});

/** The operations database is busy or away (server/db/errors): nothing is wrong with the request. */
const databaseTrouble = z.object({ name: z.enum(['DatabaseBusy', 'DatabaseUnavailable']) });

/** The last handler of a router: whatever was thrown becomes a problem; internal errors are logged; the client gets a generic 500. */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const refusal = toProblem(error);
    if (refusal === undefined)
      log.error({ err: error, method: request.method, path: request.path }, 'request failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    const { status, problem, headers } =
      refusal ?? new ProblemError(500, { detail: 'the server failed; its log says why' });
    response.status(status).set(headers).type('application/problem+json').send(JSON.stringify(problem));
  };
}

function toProblem(error: unknown): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (databaseTrouble.safeParse(error).success)
    return new ProblemError(503, {
      detail: 'the operations database does not answer at the moment; try again, and see GET health',
      headers: { 'Retry-After': '5' },
      cause: error,
    });
  const { data } = httpError.safeParse(error);
  if (data === undefined) return undefined;
  if (data.type === 'entity.parse.failed')
    return new ProblemError(400, {
      detail: `the body is not valid JSON: ${data.message}`,
      errors: [{ path: 'body', message: data.message }],
    });
  if (data.type === 'entity.too.large')
    return new ProblemError(413, {
      detail: `the body is larger than ${data.limit === undefined ? bodyLimit : `${data.limit / 1_048_576}mb`}`,
    });
  return new ProblemError(data.status, { detail: data.message });
}
