import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import { UnavailableError } from '../../../core/unavailable.ts';

/**
 * InfluxDB's v1 HTTP API, as far as a historian needs it. Every method rejects with an InfluxError when the server says no, and with
 * an UnavailableError when it cannot be reached, does not answer in time, or the client is closed.
 */
export interface InfluxClient {
  /** Resolves with the refused lines; all others are durable. */
  write(lines: readonly string[]): Promise<Refused>;
  query(text: string, timeoutMs?: number): Promise<Series[]>;
  /** A statement that changes something: `CREATE DATABASE`. */
  execute(text: string): Promise<void>;
  /** Ends what is under way. */
  close(): void;
}

/** Lines that the server will never take, and its own words. */
export interface Refused {
  readonly count: number;
  readonly reason: string | undefined;
  /** Places of those lines that the server named; it names lines it cannot parse, and only counts others. */
  readonly named: readonly number[];
}

export class InfluxError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const row = z.array(z.union([z.number(), z.string(), z.null()]));
const series = z.object({ tags: z.record(z.string(), z.string()).optional(), values: z.array(row) });
export type Series = z.infer<typeof series>;
const answer = z.object({
  results: z.array(z.object({ series: z.array(series).optional(), error: z.string().optional() })).optional(),
  error: z.string().optional(),
});
const complaint = z.object({ error: z.string() });

const writeTimeoutMs = 10_000;
const queryTimeoutMs = 5_000;
const executeTimeoutMs = 3_000;
const compress = promisify(gzip);

/** `url` may hold user and password; they go into a header and are never part of an error. */
export function createInfluxClient(url: string, database: string): InfluxClient {
  const base = new URL(url);
  const user = decodeURIComponent(base.username);
  const authorization = `Basic ${Buffer.from(`${user}:${decodeURIComponent(base.password)}`).toString('base64')}`;
  const headers: Record<string, string> = user === '' ? {} : { authorization };
  const closing = new AbortController();

  function address(path: string, parameters: Record<string, string>): URL {
    const target = new URL(path, base.origin);
    target.search = new URLSearchParams({ db: database, ...parameters }).toString();
    return target;
  }

  async function send(
    where: URL,
    { timeoutMs, ...init }: RequestInit & { readonly timeoutMs: number },
  ): Promise<{ readonly response: Response; readonly body: string }> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const response = await fetch(where, { ...init, signal });
      return { response, body: await response.text() };
    } catch (error) {
      const inTime = !(error instanceof Error && error.name === 'TimeoutError');
      const reason = inTime ? textOf(error) : `InfluxDB has not answered for ${timeoutMs / 1_000} s`;
      throw new UnavailableError(reason, { cause: error });
    }
  }

  async function ask(text: string, method: 'GET' | 'POST', timeoutMs: number): Promise<Series[]> {
    const { response, body } = await send(address('/query', { q: text, epoch: 'ms' }), {
      method,
      headers,
      timeoutMs,
    });
    if (!response.ok) throw new InfluxError(response.status, complaintOf(response, body));
    const { results = [], error } = answer.parse(JSON.parse(body));
    const wrong = error ?? results.find((result) => result.error !== undefined)?.error;
    if (wrong !== undefined) throw new InfluxError(response.status, wrong);
    return results.flatMap((result) => result.series ?? []);
  }

  return {
    async write(lines) {
      const { response, body } = await send(address('/write', { precision: 'ms' }), {
        method: 'POST',
        headers: { ...headers, 'content-encoding': 'gzip', 'content-type': 'text/plain; charset=utf-8' },
        body: await compress(lines.join('\n')),
        timeoutMs: writeTimeoutMs,
      });
      if (response.ok) return { count: 0, reason: undefined, named: [] };
      const reason = complaintOf(response, body);
      const count = response.status === 400 ? refusedLines(reason, lines.length) : undefined;
      if (count === undefined) throw new InfluxError(response.status, reason);
      return { count, reason, named: namedLines(reason, lines) };
    },
    query: (text, timeoutMs = queryTimeoutMs) => ask(text, 'GET', timeoutMs),
    async execute(text) {
      await ask(text, 'POST', executeTimeoutMs);
    },
    close: () => closing.abort(),
  };
}

/**
 * How many lines a 400 is about: "partial write: … dropped=3", one line of text per line that could not be parsed, or, when
 * nothing could be parsed, all. Undefined when it is not about lines (no such database, a wrong parameter).
 */
function refusedLines(reason: string, sent: number): number | undefined {
  const dropped = /dropped=(\d+)/.exec(reason)?.[1];
  if (dropped !== undefined && reason.startsWith('partial write')) return Number(dropped);
  if (reason.startsWith('partial write')) return Math.max(1, reason.split('unable to parse').length - 1);
  return reason.startsWith('unable to parse') ? sent : undefined;
}

/** "unable to parse 'reading,point=a value=x 1': invalid number", one line of text per line of ours. */
function namedLines(reason: string, lines: readonly string[]): number[] {
  const quoted = new Set([...reason.matchAll(/unable to parse '(.*)': /g)].map(([, line]) => line));
  if (quoted.size === 0) return [];
  return lines.flatMap((line, place) => (quoted.has(line) ? [place] : []));
}

function complaintOf(response: Response, body: string): string {
  try {
    return complaint.parse(JSON.parse(body)).error;
  } catch {
    return `HTTP ${response.status} ${response.statusText}`.trim();
  }
}

/** What fetch throws says little; its cause says why. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error) || error instanceof UnavailableError) return error.message;
  const why = cause.message === '' && 'code' in cause ? String(cause.code) : cause.message;
  return `${error.message} (${why})`;
}
