import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';

/** InfluxDB's v1 HTTP API, as far as a historian needs it. Every method rejects with an InfluxError, or what fetch throws. */
export interface InfluxClient {
  /** Resolves with the refused lines; all others are durable. */
  write(lines: readonly string[]): Promise<Refused>;
  query(text: string): Promise<Series[]>;
  /** A statement that changes something: `CREATE DATABASE`. */
  execute(text: string): Promise<void>;
}

/** Lines that the server will never take, and its words. */
export interface Refused {
  readonly count: number;
  readonly reason: string | undefined;
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

const writeTimeoutMs = 15_000;
const queryTimeoutMs = 60_000;
const executeTimeoutMs = 5_000;
const compress = promisify(gzip);

/** `url` may hold user and password; they go into a header and are never part of an error. */
export function createInfluxClient(url: string, database: string): InfluxClient {
  const base = new URL(url);
  const user = decodeURIComponent(base.username);
  const authorization = `Basic ${Buffer.from(`${user}:${decodeURIComponent(base.password)}`).toString('base64')}`;
  const headers: Record<string, string> = user === '' ? {} : { authorization };

  function address(path: string, parameters: Record<string, string>): URL {
    const target = new URL(path, base.origin);
    target.search = new URLSearchParams({ db: database, ...parameters }).toString();
    return target;
  }

  async function ask(text: string, method: 'GET' | 'POST', timeoutMs: number): Promise<Series[]> {
    const response = await fetch(address('/query', { q: text, epoch: 'ms' }), {
      method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new InfluxError(response.status, await complaintOf(response));
    const { results = [], error } = answer.parse(await response.json());
    const wrong = error ?? results.find((result) => result.error !== undefined)?.error;
    if (wrong !== undefined) throw new InfluxError(response.status, wrong);
    return results.flatMap((result) => result.series ?? []);
  }

  return {
    async write(lines) {
      const response = await fetch(address('/write', { precision: 'ms' }), {
        method: 'POST',
        headers: { ...headers, 'content-encoding': 'gzip', 'content-type': 'text/plain; charset=utf-8' },
        body: await compress(lines.join('\n')),
        signal: AbortSignal.timeout(writeTimeoutMs),
      });
      if (response.ok) {
        await response.arrayBuffer();
        return { count: 0, reason: undefined };
      }
      const reason = await complaintOf(response);
      const count = response.status === 400 ? refusedLines(reason, lines.length) : undefined;
      if (count === undefined) throw new InfluxError(response.status, reason);
      return { count, reason };
    },
    query: (text) => ask(text, 'GET', queryTimeoutMs),
    async execute(text) {
      await ask(text, 'POST', executeTimeoutMs);
    },
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

async function complaintOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    return complaint.parse(JSON.parse(text)).error;
  } catch {
    return `HTTP ${response.status} ${response.statusText}`.trim();
  }
}
