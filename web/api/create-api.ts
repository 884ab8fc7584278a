import type { z } from 'zod';
import { problem } from '../../server/contracts/common.ts';
import { type Api, ApiError } from './client.ts';
import { keptHeader, type KeptAnswers } from './kept.ts';
import { uploadFile } from './upload.ts';

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
