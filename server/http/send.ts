import { once } from 'node:events';
import type { Response } from 'express';
import { slicesOf } from '../../core/slices.ts';
import { csvOf } from './csv.ts';

/** `page` of contracts, with whatever an endpoint says beside it. */
export interface List {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | null;
}

/** By its shape alone: looking at every item of a long list would hold up the process. */
export function isList(output: unknown): output is List {
  return typeof output === 'object' && output !== null && 'items' in output && Array.isArray(output.items);
}

interface SendOptions {
  readonly status: number;
  /** The client has gone: nothing more is made for it. */
  readonly signal: AbortSignal;
}

/** A list as JSON, in pieces: a hundred thousand points must not hold up polling, and a slow reader gets no more than it takes. */
export async function sendJsonList(response: Response, output: List, options: SendOptions): Promise<void> {
  const { items, ...rest } = output;
  const head = JSON.stringify(rest);
  response.status(options.status).type('application/json');
  await write(response, `${head.slice(0, -1)}${head === '{}' ? '' : ','}"items":[`, options.signal);
  let isFirst = true;
  for await (const slice of slicesOf(items, options.signal)) {
    const text = slice.map((item) => JSON.stringify(item)).join(',');
    await write(response, isFirst ? text : `,${text}`, options.signal);
    isFirst = false;
  }
  response.end(']}');
}

/** A list as CSV with the address of the next page in `Link`. */
export async function sendCsv(
  response: Response,
  { items, next }: List,
  { nextParameter, signal }: { readonly nextParameter: string; readonly signal: AbortSignal },
): Promise<void> {
  const request = response.req;
  if (next !== null) {
    const url = new URL(request.originalUrl, 'http://localhost');
    url.searchParams.set(nextParameter, next);
    response.set('Link', `<${url.pathname}${url.search}>; rel="next"`);
  }
  response
    .type('text/csv')
    .attachment(`${request.path.replaceAll(/[^a-z0-9-]+/gi, '-').replace(/^-|-$/g, '')}.csv`);
  for await (const text of csvOf(items, signal)) await write(response, text, signal);
  response.end();
}

/** Waits until a slow reader has taken what is there. */
async function write(response: Response, text: string, signal: AbortSignal): Promise<void> {
  if (!response.write(text)) await once(response, 'drain', { signal });
}
