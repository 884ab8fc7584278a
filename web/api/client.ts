import type { z } from 'zod';
import { problem, type Problem } from '../../server/contracts/common.ts';
import { uploadFile } from './upload.ts';
import { keptHeader, type KeptAnswers } from './kept.ts';

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

/** Talks to `/api/v1` of the page's own origin; answers are parsed, so a page never shows what is not in the contract. */
export function createApi(onUnauthorised: () => void, noteKept: KeptAnswers['note'] = () => undefined): Api {
  async function ask<Schema extends z.ZodType>(
    path: string,
    init: RequestInit,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const response = await fetch(`/api/v1/${path}`, { credentials: 'same-origin', ...init }).catch(() => {
      throw new ApiError(0, null);
    });
    const keptAt = Date.parse(response.headers.get(keptHeader) ?? '');
    if (response.ok) noteKept(path, Number.isNaN(keptAt) ? null : keptAt);
    const text = await response.text();
    const body = parseJson(text);
    if (!response.ok) {
      if (response.status === 401 && !(path === 'session' && init.method === 'POST')) onUnauthorised();
      throw failureOf(response.status, body);
    }
    return schema.parse(body);
  }
  return {
    get: (path, schema) => ask(path, { headers: { accept: 'application/json' } }, schema),
    send: (method, path, { body, schema }) =>
      ask(
        path,
        {
          method,
          headers: {
            accept: 'application/json',
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        },
        schema,
      ),
    async upload(path, file, { schema, onProgress }) {
      const { status, text } = await uploadFile(path, file, onProgress).catch(() => {
        throw new ApiError(0, null);
      });
      const body = parseJson(text);
      if (status >= 200 && status < 300) return schema.parse(body);
      if (status === 401) onUnauthorised();
      throw failureOf(status, body);
    },
  };
}

function failureOf(status: number, body: unknown): ApiError {
  return new ApiError(status, problem.safeParse(body).data ?? null);
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
