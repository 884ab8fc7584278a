import type { Response } from 'express';
import { slicesOf } from '../../core/slices.ts';
import { stringify } from 'csv-stringify/sync';
import { writerOf } from './write.ts';

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
  const write = writerOf(response, options.signal);
  await write(`${head.slice(0, -1)}${head === '{}' ? '' : ','}"items":[`);
  let isFirst = true;
  for await (const slice of slicesOf(items, options.signal)) {
    // The slice as one array: a call for each item takes two to three times as long.
    const text = JSON.stringify(slice).slice(1, -1);
    await write(isFirst ? text : `,${text}`);
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
  const write = writerOf(response, signal);
  for await (const text of csvOf(items, signal)) await write(text);
  response.end();
}

/** Excel reads a file without it in the machine's own code page: °C becomes Â°C. */
const byteOrderMark = '\uFEFF';

/**
 * A list's items as RFC 4180 text with a header line, in pieces between which the process goes on; nested objects become
 * `outer.inner` columns, lists `a; b`. Throws the signal's reason once it has aborted.
 */
export async function* csvOf(
  items: readonly Readonly<Record<string, unknown>>[],
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const columns = new Set<string>();
  for await (const slice of slicesOf(items, signal))
    for (const item of slice) for (const [column] of flatten(item)) columns.add(column);
  const names = [...columns];
  yield byteOrderMark + textOf([names]);
  for await (const slice of slicesOf(items, signal)) {
    const rows = slice.map((item) => {
      const cells = new Map(flatten(item));
      return names.map((name) => cells.get(name) ?? '');
    });
    yield textOf(rows);
  }
}

function textOf(rows: readonly (readonly string[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { record_delimiter: 'windows' },
  );
}

function flatten(item: Readonly<Record<string, unknown>>, prefix = ''): [string, string][] {
  return Object.entries(item).flatMap(([key, value]): [string, string][] => {
    if (isRecord(value)) return flatten(value, `${prefix}${key}.`);
    return [[prefix + key, cell(value)]];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return disarm(value);
  if (Array.isArray(value))
    return disarm(value.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join('; '));
  return JSON.stringify(value);
}

/**
 * A spreadsheet takes text that begins like this for a formula and runs it. Done here and not by the library, which would
 * also quote negative numbers: those are no text and stay as they are.
 */
function disarm(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
