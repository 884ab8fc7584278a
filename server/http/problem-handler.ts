import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { ProblemError } from './problem.ts';

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

/** The last handler of a router: whatever was thrown becomes a problem; what is our own fault is logged and not told. */
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
