import type { Request } from 'express';
import type { FileRefused } from '../../core/receive-file.ts';
import { ProblemError } from './problem.ts';

/** An endpoint whose body is a file as it is, not JSON; what belongs to it stands in the query. */
export interface UploadSpec {
  /** Media types that it may be announced as. What it is, its bytes tell. */
  readonly types: readonly string[];
  readonly mostBytes: number;
}

/** For senders that know no better. */
const anyFile = 'application/octet-stream';

/** Refuses, before a byte of it was read, what is announced as something else or as too large. */
export function checkUpload(request: Request, { types, mostBytes }: UploadSpec): void {
  if (request.headers['content-encoding'] !== undefined)
    throw new ProblemError(415, { detail: 'send the file as it is, without Content-Encoding' });
  if (!request.is([...types, anyFile]))
    throw new ProblemError(415, {
      detail: `send the file itself as the body, its Content-Type one of ${[...types, anyFile].join(', ')}`,
    });
  if (Number(request.headers['content-length'] ?? 0) > mostBytes)
    throw new ProblemError(413, {
      detail: `the file is larger than ${mostBytes / 1_048_576} MB; make it smaller, or split it`,
    });
}

/** The body as it comes. What is not read of it is left to the server, which then still can answer. */
export function bodyOf(request: Request): AsyncIterable<Uint8Array> {
  return request.iterator({ destroyOnReturn: false });
}

export function uploadProblem({ reason, message }: FileRefused): ProblemError {
  return new ProblemError(reason === 'too-large' ? 413 : 415, { detail: message });
}
