import { z } from 'zod';
import type { Model } from '../config/model.ts';
import { iso } from '../core/time.ts';
import { defaultZone, zonedTime } from '../core/zoned.ts';
import { page, problem } from '../server/contracts/common.ts';
import { createHistoryCsv, type CsvDialect, type PointNames } from '../server/historian/csv.ts';
import type { Historian, Range } from '../server/historian/historian.ts';
import { readWholeHistories } from '../server/historian/read.ts';
import type { Resolution } from '../server/historian/tiers.ts';
import { exitCodes, UsageError } from './usage.ts';

/** One request for rows: few enough points, and a short enough range, for every role and for memory. */
export interface Portion {
  readonly points: readonly PointNames[];
  readonly range: Range;
}

/** Where readings come from: a server that runs, or its data folder. */
export interface ExportSource {
  points(): Promise<readonly PointNames[]>;
  /** CSV text without the header line; may fail in the middle, and can then be asked for again. */
  rows(portion: Portion, signal?: AbortSignal): AsyncIterable<string>;
}

export interface ExportForm {
  readonly resolution: Resolution;
  readonly dialect: CsvDialect;
  /** IANA name. */
  readonly zone: string;
}

const itemsAtOnce = 10_000;

export function fromHistorian(
  historian: Historian,
  model: Pick<Model, 'points'>,
  form: ExportForm,
): ExportSource {
  const sheet = sheetOf(form);
  return {
    points: () => Promise.resolve(model.points),
    async *rows({ points, range }, signal) {
      const named = new Map(points.map((point) => [point.id, point]));
      const histories = readWholeHistories(historian, {
        points: [...named.keys()], range, signal,
        resolution: form.resolution,
        limit: itemsAtOnce,
      }); // prettier-ignore
      for await (const history of histories) {
        const point = named.get(history.point);
        if (point !== undefined) yield sheet.rows(point, history);
      }
    },
  };
}

export function sheetOf({ resolution, dialect, zone }: ExportForm): ReturnType<typeof createHistoryCsv> {
  const time = zonedTime(zone);
  if (time === undefined)
    throw new UsageError(`--zone ${zone}: there is no such time zone; ${defaultZone} is the usual one here`);
  return createHistoryCsv({ kind: resolution === 'raw' ? 'raw' : 'buckets', dialect, time });
}

const pointPage = page(z.object({ id: z.string(), unit: z.string() }));
const pointsPerPage = 5_000;
const waitsForTurn = 60;

/** A server at `url`, asked with a token of any role. */
export function fromServer(url: string, token: string, form: ExportForm): ExportSource {
  async function get(path: string, signal: AbortSignal | undefined): Promise<Response> {
    for (let waited = 0; ; waited += 1) {
      let response: Response;
      try {
        response = await fetch(`${url}/api/v1/${path}`, {
          headers: { Authorization: `Bearer ${token}` },
          ...(signal === undefined ? {} : { signal }),
        });
      } catch {
        throw new UsageError(
          `no server answers at ${url}; is it running? --offline reads the data folder instead`,
          exitCodes.unavailable,
        );
      }
      if (response.ok) return response;
      // Others read too: its turn comes.
      if (response.status === 429 && waited < waitsForTurn) {
        await response.body?.cancel();
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        continue;
      }
      const text = await response.text();
      const { data } = problem.safeParse(parsed(text));
      throw new UsageError(
        `the server refuses (${response.status}): ${data?.detail ?? text.slice(0, 200)}`,
        exitCodes.unavailable,
      );
    }
  }

  return {
    async points() {
      const all: PointNames[] = [];
      for (let cursor = ''; ;) {
        const response = await get(`points?limit=${pointsPerPage}${cursor}`, undefined);
        const { items, next } = pointPage.parse(await response.json());
        all.push(...items);
        if (next === null) return all;
        cursor = `&cursor=${encodeURIComponent(next)}`;
      }
    },
    async *rows({ points, range }, signal) {
      const query = new URLSearchParams({
        points: points.map(({ id }) => id).join(','),
        from: iso(range.from),
        to: iso(range.to),
        resolution: form.resolution,
        dialect: form.dialect,
        zone: form.zone,
        format: 'csv',
      });
      const response = await get(`history?${query.toString()}`, signal);
      if (response.body === null) return;
      yield* withoutFirstLine(response.body.pipeThrough(new TextDecoderStream()));
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function* withoutFirstLine(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let head: string | undefined = '';
  for await (const chunk of chunks) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head += chunk;
    const end = head.indexOf('\n');
    if (end === -1) continue;
    if (end + 1 < head.length) yield head.slice(end + 1);
    head = undefined;
  }
}
