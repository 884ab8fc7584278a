import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { InfluxDB, ResultError } from 'influx';
import { z } from 'zod';
import { UnavailableError } from '../../../core/unavailable.ts';

/**
 * InfluxDB's v1 HTTP API, as far as a historian needs it: queries and administration through the `influx` client, writes by
 * ourselves (docs/decisions/012-influxdb.md). Every method rejects with an InfluxError when the server says no, and with an
 * UnavailableError when it cannot be reached, does not answer in time, or the client is closed.
 */
export interface InfluxClient {
  /** Resolves with the refused lines; all others are durable. No policy: the database's default one. */
  write(lines: readonly string[], policy?: string): Promise<Refused>;
  query(text: string, options?: QueryOptions): Promise<Series[]>;
  /** A statement that changes something. */
  execute(text: string): Promise<void>;
  createDatabase(): Promise<void>;
  policies(): Promise<RetentionPolicy[]>;
  close(): void;
}

interface QueryOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
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

export type Row = readonly unknown[];
export interface Series {
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly values: readonly Row[];
}
export interface RetentionPolicy {
  readonly name: string;
  /** 0: for ever. */
  readonly durationMs: number;
  readonly isDefault: boolean;
}

/** The cells are looked at where they are used: an answer may have a hundred thousand. */
const rows = z.custom<Row[]>((value) => Array.isArray(value) && value.every((row) => Array.isArray(row)));
const series = z.object({ tags: z.record(z.string(), z.string()).optional(), values: rows });
const answer = z.object({
  results: z.array(z.object({ series: z.array(series).optional(), error: z.string().optional() })).optional(),
  error: z.string().optional(),
});
const complaint = z.object({ error: z.string() });
/** The library's error for an answer of 300 to 499; it does not export the class. */
const requestError = z.object({ res: z.object({ statusCode: z.number() }) });

const writeTimeoutMs = 10_000;
const queryTimeoutMs = 5_000;
const executeTimeoutMs = 3_000;
const compress = promisify(gzip);
const noPause = { getDelay: () => 0, next: () => noPause, reset: () => noPause };

/** `url` may hold user and password; they go into a header and are never part of an error. */
export function createInfluxClient(url: string, database: string): InfluxClient {
  const base = new URL(url);
  const username = decodeURIComponent(base.username);
  const password = decodeURIComponent(base.password);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const headers: Record<string, string> = username === '' ? {} : { authorization };
  const closing = new AbortController();
  const isSecure = base.protocol === 'https:';
  const library = new InfluxDB({
    database,
    hosts: [
      {
        host: base.hostname,
        port: base.port === '' ? (isSecure ? 443 : 80) : Number(base.port),
        protocol: isSecure ? 'https' : 'http',
      },
    ],
    ...(username === '' ? {} : { username, password }),
    // Its pool would refuse every request for seconds after a failed one, and repeat a query that was too slow. The writer knows when
    // to try again (link.ts).
    pool: { maxRetries: 0, backoff: noPause },
  });

  /** The library does not settle when a connection ends within an answer: the limit in time does. */
  async function within<Answer>(
    timeoutMs: number,
    ask: (signal: AbortSignal) => Promise<Answer>,
    given?: AbortSignal,
  ): Promise<Answer> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([closing.signal, timeout, ...(given === undefined ? [] : [given])]);
    let stop = (): void => {};
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
    });
    try {
      signal.throwIfAborted();
      signal.addEventListener('abort', stop);
      return await Promise.race([ask(signal), aborted]);
    } catch (error) {
      given?.throwIfAborted();
      if (error instanceof InfluxError) throw error;
      const reason = timeout.aborted ? `InfluxDB has not answered for ${timeoutMs / 1_000} s` : textOf(error);
      throw new UnavailableError(reason, { cause: error });
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async function ask(text: string, timeoutMs: number, given?: AbortSignal): Promise<Series[]> {
    const found = await within(
      timeoutMs,
      // In the body: a query for many points is longer than some proxies take in an address.
      (signal) => refusing(library.queryRaw(text, { precision: 'ms', method: 'POST', signal })),
      given,
    );
    const { results = [], error } = answer.parse(found);
    const wrong = error ?? results.find((result) => result.error !== undefined)?.error;
    if (wrong !== undefined) throw new InfluxError(200, wrong);
    return results.flatMap((result) => result.series ?? []);
  }

  return {
    async write(lines, policy) {
      const target = new URL('/write', base.origin);
      const parameters = { db: database, precision: 'ms', ...(policy === undefined ? {} : { rp: policy }) };
      target.search = new URLSearchParams(parameters).toString();
      const body = await compress(lines.join('\n'));
      const response = await within(writeTimeoutMs, async (signal) => {
        const answered = await fetch(target, {
          method: 'POST',
          headers: { ...headers, 'content-encoding': 'gzip', 'content-type': 'text/plain; charset=utf-8' },
          body,
          signal,
        });
        const { ok, status, statusText } = answered;
        return { ok, status, statusText, text: await answered.text() };
      });
      if (response.ok) return { count: 0, reason: undefined, named: [] };
      const reason = complaintOf(response.text) ?? `HTTP ${response.status} ${response.statusText}`.trim();
      const count = response.status === 400 ? refusedLines(reason, lines.length) : undefined;
      if (count === undefined) throw new InfluxError(response.status, reason);
      return { count, reason, named: namedLines(reason, lines) };
    },
    query: (text, { timeoutMs = queryTimeoutMs, signal } = {}) => ask(text, timeoutMs, signal),
    async execute(text) {
      await ask(text, executeTimeoutMs);
    },
    createDatabase: () => within(executeTimeoutMs, () => refusing(library.createDatabase(database))),
    async policies() {
      const found = await within(executeTimeoutMs, () => refusing(library.showRetentionPolicies(database)));
      return found.map(({ name, duration, default: isDefault }) => ({
        name,
        durationMs: durationOf(duration),
        isDefault,
      }));
    },
    close: () => closing.abort(),
  };
}

/** A refusal by the server becomes an InfluxError. */
async function refusing<Answer>(asking: Promise<Answer>): Promise<Answer> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof ResultError)
      throw new InfluxError(200, error.message.replace('Error from InfluxDB: ', ''));
    const status = requestError.safeParse(error).data?.res.statusCode;
    if (status === undefined || !(error instanceof Error)) throw error;
    const body = error.message.slice(error.message.indexOf('{'));
    throw new InfluxError(status, complaintOf(body) ?? error.message);
  }
}

/** `1440h0m0s`, as the server writes a duration. */
function durationOf(text: string): number {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000 };
  return [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0),
    0,
  );
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

function complaintOf(body: string): string | undefined {
  try {
    return complaint.parse(JSON.parse(body)).error;
  } catch {
    return undefined;
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
