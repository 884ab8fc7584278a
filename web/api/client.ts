import type { z } from 'zod';
import type { Problem } from '../../server/contracts/common.ts';

/** A refused or failed request: status 401 needs sign-in, other 4xx another input, 0 means the server could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem | null;
  constructor(status: number, problem: Problem | null) {
    super(problem?.detail ?? problem?.title ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

export interface Api {
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>>;
  send<Schema extends z.ZodType>(
    method: 'POST' | 'DELETE',
    path: string,
    options: { body?: unknown; schema: Schema },
  ): Promise<z.output<Schema>>;
  /** A file as the body of a POST; `onProgress` is told which share of it has gone. */
  upload<Schema extends z.ZodType>(
    path: string,
    file: File,
    options: { schema: Schema; onProgress: (share: number) => void },
  ): Promise<z.output<Schema>>;
}
