import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Range, Sample } from '../historian.ts';
import { chunkMs, readableChunk, placeOf, shardOf, type Chunk } from './chunk.ts';
import { blobRow, chunkRows, openForReading, seriesRow, seriesRows, tickRows } from './schema.ts';
import { readableSnapshot } from './snapshot.ts';
import { decodeColumns, type Columns } from '../../../core/columns.ts';

/**
 * Reads on the calling thread, in slices of a few milliseconds between which the event loop runs. Ticks are read before chunks: what a
 * merge moves meanwhile is then seen twice, never missed.
 */
export interface Reader {
  /** Ascending in time, one sample per time. */
  scan(point: string, range: Range): AsyncGenerator<Sample[]>;
  last(at: number, signal?: AbortSignal): Promise<Map<string, Sample>>;
  /** Chunks that could not be decoded, counted each time they were read: gaps in what was answered. */
  damagedChunks(): number;
  close(): void;
}

const ticksPerSlice = 40;
const chunksPerSlice = 32;
const seriesPerSlice = 5_000;

/** One owner of the connection and its statements. */
export function openReader(path: string): Reader {
  const database = openForReading(path);
  const findSeries = database.prepare('select id, point from series where point = ?');
  const nextSeries = database.prepare('select id, point from series where id >= ? order by id limit ?');
  const nextTicks = database.prepare(
    'select id, readings from tick where id > ? and max_at >= ? and min_at < ? order by id limit ?',
  );
  const nextChunks = database.prepare(
    'select minute, readings from chunk where shard = ? and minute >= ? and minute < ? order by minute limit ?',
  );
  const previousChunks = database.prepare(
    'select minute, readings from chunk where shard = ? and minute <= ? order by minute desc limit ?',
  );
  const readSnapshot = database.prepare('select readings from snapshot');
  const names: string[] = [];
  let closed = false;
  let damaged = 0;

  function readable(blob: Uint8Array): Chunk | undefined {
    const chunk = readableChunk(blob);
    if (chunk === undefined) damaged += 1;
    return chunk;
  }

  async function slice(): Promise<void> {
    await nextTurn();
    if (closed) throw new Error('the historian is closed');
  }

  /** In the order of arrival. */
  async function* ticksIn({ from, to }: Range): AsyncGenerator<Columns> {
    let id = 0;
    for (;;) {
      await slice();
      const rows = tickRows.parse(nextTicks.all(id, from, to, ticksPerSlice));
      for (const row of rows) yield decodeColumns(row.readings);
      const lastId = rows.at(-1)?.id;
      if (lastId === undefined) return;
      id = lastId;
    }
  }

  async function unmerged(series: number, range: Range): Promise<Sample[]> {
    const found = new Map<number, Sample>();
    for await (const tick of ticksIn(range)) {
      for (let i = tick.series.indexOf(series); i !== -1; i = tick.series.indexOf(series, i + 1)) {
        const at = tick.at[i] ?? 0;
        if (at >= range.from && at < range.to) found.set(at, sampleAt(tick, i));
      }
    }
    return [...found.values()].sort((a, b) => a.at - b.at);
  }

  async function* scan(point: string, range: Range): AsyncGenerator<Sample[]> {
    await slice();
    const series = seriesRow.optional().parse(findSeries.get(point))?.id;
    if (series === undefined) return;
    const late = await unmerged(series, range);
    let done = 0;
    let minute = Math.floor(range.from / chunkMs);
    const end = Math.ceil(range.to / chunkMs);
    for (;;) {
      await slice();
      const rows = chunkRows.parse(nextChunks.all(shardOf(series), minute, end, chunksPerSlice));
      const lastMinute = rows.at(-1)?.minute;
      if (lastMinute === undefined) break;
      minute = lastMinute + 1;
      const page = rows.flatMap((row) => {
        const chunk = readable(row.readings);
        return chunk === undefined ? [] : samplesOf(chunk, series, row.minute * chunkMs);
      });
      const begin = done;
      while ((late[done]?.at ?? Infinity) < minute * chunkMs) done += 1;
      const within = page.filter(({ at }) => at >= range.from && at < range.to);
      yield mergeByTime(within, late.slice(begin, done));
    }
    yield late.slice(done);
  }

  async function nameSeries(): Promise<void> {
    for (;;) {
      await slice();
      const rows = seriesRows.parse(nextSeries.all(names.length, seriesPerSlice));
      if (rows.length === 0) return;
      for (const { id, point } of rows) names[id] = point;
    }
  }

  /** The newest sample at or before `at` of each wanted series, sought backwards; all are of one shard. */
  async function searchBack(shard: number, wanted: Set<number>, at: number): Promise<Map<number, Sample>> {
    const found = new Map<number, Sample>();
    let minute = Math.floor(at / chunkMs);
    while (wanted.size > 0) {
      await slice();
      // Two: the newest chunk nearly always answers for all, and the one before for those read just after the minute began.
      const rows = chunkRows.parse(previousChunks.all(shard, minute, 2));
      for (const row of rows) {
        const chunk = readable(row.readings);
        if (chunk === undefined) continue;
        for (const series of wanted) {
          const sample = samplesOf(chunk, series, row.minute * chunkMs).findLast((sample) => sample.at <= at);
          if (sample === undefined) continue;
          found.set(series, sample);
          wanted.delete(series);
        }
      }
      const lastMinute = rows.at(-1)?.minute;
      if (lastMinute === undefined) break;
      minute = lastMinute - 1;
    }
    return found;
  }

  async function last(at: number, signal?: AbortSignal): Promise<Map<string, Sample>> {
    signal?.throwIfAborted();
    const newest = new Map<number, Sample>();
    for await (const tick of ticksIn({ from: -Infinity, to: Infinity })) {
      for (let i = 0; i < tick.at.length; i += 1) {
        const time = tick.at[i] ?? 0;
        const series = tick.series[i] ?? 0;
        if (time <= at && time >= (newest.get(series)?.at ?? -Infinity))
          newest.set(series, sampleAt(tick, i));
      }
    }
    const keepNewer = (sample: Sample, series: number): void => {
      if (sample.at > (newest.get(series)?.at ?? -Infinity)) newest.set(series, sample);
    };
    const snapshot = readableSnapshot(blobRow.optional().parse(readSnapshot.get())?.readings);
    const overtaken = new Map<number, Set<number>>();
    for (let series = 0; series < snapshot.length; series += 1) {
      const sample = snapshot.newest(series);
      if (sample === undefined) continue;
      if (sample.at <= at) keepNewer(sample, series);
      else if ((snapshot.oldest(series) ?? Infinity) <= at) {
        const shard = overtaken.get(shardOf(series));
        if (shard === undefined) overtaken.set(shardOf(series), new Set([series]));
        else shard.add(series);
      }
    }
    for (const [shard, wanted] of overtaken) {
      signal?.throwIfAborted();
      for (const [series, sample] of await searchBack(shard, wanted, at)) keepNewer(sample, series);
    }
    await nameSeries();
    return new Map([...newest].map(([series, sample]) => [names[series] ?? '', sample]));
  }

  return {
    scan,
    last,
    damagedChunks: () => damaged,
    close() {
      if (closed) return;
      closed = true;
      database.close();
    },
  };
}

function sampleAt(columns: Omit<Columns, 'series'>, i: number): Sample {
  return { at: columns.at[i] ?? 0, value: columns.value[i] ?? Number.NaN, quality: columns.quality[i] ?? 0 };
}

function samplesOf(chunk: Chunk, series: number, start: number): Sample[] {
  const { begin, end } = placeOf(chunk, series);
  const samples: Sample[] = [];
  for (let i = begin; i < end; i += 1) {
    samples.push({
      at: start + (chunk.offset[i] ?? 0),
      value: chunk.value[i] ?? Number.NaN,
      quality: chunk.quality[i] ?? 0,
    });
  }
  return samples;
}

/** Both ascending; of two at the same time the later append wins. */
function mergeByTime(merged: readonly Sample[], later: readonly Sample[]): Sample[] {
  if (later.length === 0) return [...merged];
  const byTime = new Map(merged.map((sample) => [sample.at, sample]));
  for (const sample of later) byTime.set(sample.at, sample);
  return [...byTime.values()].sort((a, b) => a.at - b.at);
}
