import { decodeFigures, figuresAt, type Counts, type FigureTable, type Grid } from './codec/figures.ts';
import { decodeMinutes, encodeShardMinutes, lenderOfCounts, type SeriesMinutes } from './codec/minutes.ts';
import type { Scratch } from './codec/scratch.ts';
import { createWritableHourRows, type ShardBlobs } from './hour-rows.ts';
import { minuteGrid } from './layout.ts';
import { readable } from './readable.ts';
import type { Database } from './schema.ts';

/** The figures of one series' minutes; undefined where there are none, throws where they are damaged. */
export function readMinutes(
  local: number,
  blobs: ShardBlobs,
  {
    grid,
    scratch,
    lent,
  }: { readonly grid: Grid; readonly scratch?: Scratch; readonly lent?: Map<number, Counts> },
): FigureTable | undefined {
  if (blobs.isPacked)
    return decodeMinutes(local, blobs.of, { grid, ...(scratch && { scratch }), ...(lent && { lent }) });
  const blob = blobs.of(local);
  return blob === undefined ? undefined : decodeFigures(blob, grid, scratch);
}

/** For the writing thread. */
export interface MinuteRows {
  /** The places that have minutes. */
  locals(hour: number, shard: number): readonly number[];
  /** By place in the shard. What is damaged is a gap. */
  tables(hour: number, shard: number): Map<number, FigureTable>;
  /** In place of what was there of these series; in a transaction of the caller. */
  merge(hour: number, shard: number, minutes: ReadonlyMap<number, SeriesMinutes>): void;
  deleteHour(hour: number): void;
}

export function createMinuteRows(database: Database): MinuteRows {
  const rows = createWritableHourRows(database, 'minutes');

  function tablesOf(hour: number, blobs: ShardBlobs, locals: readonly number[]): Map<number, FigureTable> {
    const found = new Map<number, FigureTable>();
    const options = { grid: minuteGrid(hour), lent: new Map<number, Counts>() };
    for (const local of locals) {
      const table = readable(() => readMinutes(local, blobs, options));
      if (table !== undefined) found.set(local, table);
    }
    return found;
  }

  return {
    locals: (hour, shard) => readable(rows.open(hour, shard).locals) ?? [],
    tables(hour, shard) {
      const blobs = rows.whole(hour, shard);
      return tablesOf(hour, blobs, readable(blobs.locals) ?? []);
    },
    merge(hour, shard, minutes) {
      const stored = rows.whole(hour, shard);
      const others = (readable(stored.locals) ?? []).filter((local) => !minutes.has(local));
      const kept = new Map<number, Uint8Array>();
      for (const local of stored.isPacked ? others : []) {
        const blob = readable(() => stored.of(local));
        const lender = blob === undefined ? undefined : readable(() => lenderOfCounts(blob));
        // What it borrows may be others now.
        if (blob !== undefined && (lender === undefined || !minutes.has(lender))) kept.set(local, blob);
      }
      const again = tablesOf(hour, stored, others.filter((local) => !kept.has(local))); // prettier-ignore
      const all = new Map<number, SeriesMinutes>(minutes);
      for (const [local, table] of again) {
        const figures = Array.from(table.at, (_, i) => figuresAt(table, i));
        all.set(local, { figures, spillMs: table.spillMs });
      }
      rows.put(hour, shard, new Map([...kept, ...encodeShardMinutes(all, minuteGrid(hour))]));
    },
    deleteHour: (hour) => rows.deleteHour(hour),
  };
}
