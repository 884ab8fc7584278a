import { decodeColumns, type Columns } from '../../../core/columns.ts';
import type { Range, Sample } from '../historian.ts';
import { chunkMs, decodeChunk, placeOf, type Chunk } from './chunk.ts';
import type { Connection, Work } from './connection.ts';
import { byShard } from './layout.ts';
import { chunkRows, tickRows } from './schema.ts';

/** Readings that are not compacted yet, in ticks and minute chunks. */
export interface Loose {
  /** Of some series; ascending in time, one per time. */
  of(wanted: ReadonlySet<number>, range: Range): Work<Map<number, Sample[]>>;
  /** Every tick, in the order of arrival. */
  ticks(range: Range): Work<Columns[]>;
}

const ticksPerStep = 20;
const chunksPerStep = 16;
/** What a chunk costs, in values: it is inflated whole. */
const chunkCost = 1_000;

/**
 * Ticks are read before chunks, and both before finished hours: what moves on meanwhile is then seen twice, never missed.
 */
export function createLoose({ database, readable }: Connection): Loose {
  const nextTicks = database.prepare(
    'select id, readings from tick where id > ? and max_at >= ? and min_at < ? order by id limit ?',
  );
  const nextChunks = database.prepare(
    'select minute, readings from chunk where shard = ? and minute >= ? and minute < ? order by minute limit ?',
  );

  function* ticks({ from, to }: Range): Work<Columns[]> {
    const found: Columns[] = [];
    let id = 0;
    for (;;) {
      const rows = tickRows.parse(nextTicks.all(id, from, to, ticksPerStep));
      const lastId = rows.at(-1)?.id;
      if (lastId === undefined) return found;
      id = lastId;
      let values = 0;
      for (const row of rows) {
        const columns = readable(() => decodeColumns(row.readings));
        if (columns === undefined) continue;
        found.push(columns);
        values += columns.at.length / 4;
      }
      yield values;
    }
  }

  return {
    ticks,
    *of(wanted, range) {
      const late = new Map<number, Map<number, Sample>>();
      for (const columns of yield* ticks(range)) {
        for (const i of placesOf(columns, wanted)) {
          const sample = sampleAt(columns, i);
          if (sample.at < range.from || sample.at >= range.to) continue;
          put(late, columns.series[i] ?? 0, sample);
        }
      }
      const found = new Map<number, Map<number, Sample>>();
      for (const [shard, series] of byShard(wanted)) {
        let minute = Math.floor(range.from / chunkMs);
        const end = Math.ceil(range.to / chunkMs);
        for (;;) {
          const rows = chunkRows.parse(nextChunks.all(shard, minute, end, chunksPerStep));
          const lastMinute = rows.at(-1)?.minute;
          if (lastMinute === undefined) break;
          minute = lastMinute + 1;
          for (const row of rows) {
            const chunk = readable(() => decodeChunk(row.readings));
            if (chunk === undefined) continue;
            for (const each of series) {
              for (const sample of samplesInChunk(chunk, each, row.minute * chunkMs))
                if (sample.at >= range.from && sample.at < range.to) put(found, each, sample);
            }
          }
          yield rows.length * chunkCost;
        }
      }
      for (const [series, samples] of late) for (const sample of samples.values()) put(found, series, sample);
      return new Map(
        [...found].map(([series, samples]) => [series, [...samples.values()].sort((a, b) => a.at - b.at)]),
      );
    },
  };
}

/** Of two at the same time the one that is put later stays. */
function put(all: Map<number, Map<number, Sample>>, series: number, sample: Sample): void {
  const samples = all.get(series);
  if (samples === undefined) all.set(series, new Map([[sample.at, sample]]));
  else samples.set(sample.at, sample);
}

function* placesOf({ series }: Columns, wanted: ReadonlySet<number>): Generator<number> {
  const [only] = wanted;
  if (wanted.size === 1 && only !== undefined) {
    for (let i = series.indexOf(only); i !== -1; i = series.indexOf(only, i + 1)) yield i;
    return;
  }
  for (let i = 0; i < series.length; i += 1) if (wanted.has(series[i] ?? -1)) yield i;
}

function sampleAt(columns: Omit<Columns, 'series'>, i: number): Sample {
  return { at: columns.at[i] ?? 0, value: columns.value[i] ?? Number.NaN, quality: columns.quality[i] ?? 0 };
}

function samplesInChunk(chunk: Chunk, series: number, start: number): Sample[] {
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
