import { STATUS_CODES } from 'node:http';
import type { z } from 'zod';
import type { Problem } from '../contracts/common.ts';

interface ProblemOptions {
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly headers?: Readonly<Record<string, string>>;
  /** For a 5xx: what failed, for the log only. */
  readonly cause?: unknown;
}

/** What a handler throws to refuse a request: RFC 9457, sent as it is. */
export class ProblemError extends Error {
  readonly status: number;
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, { detail, errors, headers, cause }: ProblemOptions = {}) {
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
export function unprocessable(
  errors: readonly { readonly path: string; readonly message: string }[],
): ProblemError {
  return new ProblemError(422, {
    detail: errors.map(({ path, message }) => `${path}: ${message}`).join('; '),
    errors,
  });
}

/** 409: the thing is not in a state that allows this. */
export function conflict(detail: string): ProblemError {
  return new ProblemError(409, { detail });
}

/** What zod found, as a 400 that names every place. */
export function fromZod(error: z.ZodError): ProblemError {
  const errors = error.issues.map((issue) => ({ path: pathText(issue.path), message: issue.message }));
  return new ProblemError(400, {
    detail: errors.map(({ path, message }) => `${path}: ${message}`).join('; '),
    errors,
  });
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
}
