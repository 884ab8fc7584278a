import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import { ingestOutput, type IngestInput, type IngestOutput } from './wire.ts';

/** The outcome of a message, by what its sender should do next. */
export type Outcome =
  | { readonly kind: 'done'; readonly answer: IngestOutput; readonly heardAt: number }
  /** Send it again later: the server is away, busy or has failed. */
  | { readonly kind: 'retry'; readonly why: string; readonly afterMs?: number }
  /** The server will never take this message. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'too-large'; readonly why: string }
  /** Somebody must act: the token, its role or its site is wrong. */
  | { readonly kind: 'forbidden'; readonly why: string }
  /** What answers is not a Pantau server. */
  | { readonly kind: 'wrong-place'; readonly why: string };

export interface IngestClient {
  /** Never rejects. */
  post(message: IngestInput, signal: AbortSignal): Promise<Outcome>;
}

const path = '/api/v1/ingest';
const timeoutMs = 15_000;
const compress = promisify(gzip);
const problem = z.object({ detail: z.string() });

/** `url`: the server's address, e.g. `https://pantau.example:8080`, with a proxy's path prefix if there is one. */
export function createIngestClient(options: {
  readonly url: string;
  readonly token: string;
  readonly now: () => number;
}): IngestClient {
  const address = options.url.replace(/\/+$/, '') + path;
  const headers = {
    authorization: `Bearer ${options.token}`,
    'content-type': 'application/json',
    'content-encoding': 'gzip',
  };
  return {
    async post(message, signal) {
      try {
        const response = await fetch(address, {
          method: 'POST',
          headers,
          body: await compress(JSON.stringify(message)),
          redirect: 'manual',
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        const text = await response.text();
        return judge(response, text, options.now());
      } catch (error) {
        return { kind: 'retry', why: reasonOf(error) };
      }
    },
  };
}

function judge(response: Response, text: string, heardAt: number): Outcome {
  const { status } = response;
  const body = json(text);
  if (status === 200) {
    const answer = ingestOutput.safeParse(body);
    if (answer.success) return { kind: 'done', answer: answer.data, heardAt };
    return { kind: 'wrong-place', why: 'the answer is not that of a Pantau server' };
  }
  const why = `${status} ${problem.safeParse(body).data?.detail ?? response.statusText}`.trim();
  if (status === 401 || status === 403) return { kind: 'forbidden', why };
  if (status === 413) return { kind: 'too-large', why };
  if (status === 400 || status === 415 || status === 422) return { kind: 'refused', why };
  if (status === 408 || status === 429 || status >= 500) {
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return { kind: 'retry', why, ...(Number.isFinite(seconds) ? { afterMs: seconds * 1_000 } : {}) };
  }
  return { kind: 'wrong-place', why };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What fetch throws says little; its cause says why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message === '' && 'code' in cause ? String(cause.code) : cause.message;
}
