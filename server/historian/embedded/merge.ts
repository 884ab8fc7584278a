import type { Sample } from '../historian.ts';
import { chunkMs, encodeChunk, placeOf, type Chunk } from './chunk.ts';
import { seriesPerShard, shardOf } from './layout.ts';
import { emptyColumns, type Columns } from '../../../core/columns.ts';

/** The readings of some ticks that belong to one chunk, in the order of arrival. */
export interface Group {
  readonly shard: number;
  readonly minute: number;
  readonly columns: Columns;
}

/**
 * Sorts ticks (in order of arrival) by chunk. Readings of [keepFrom, keepTo) stay behind as one tick: their minute is not
 * over, and writing it twice would double the work.
 */
export function groupByChunk(
  ticks: readonly Columns[],
  keep: { readonly from: number; readonly to: number },
): { groups: Group[]; rest: Columns } {
  const places = new Map<string, number[]>();
  const rest: number[] = [];
  ticks.forEach((tick, t) => {
    for (let i = 0; i < tick.at.length; i += 1) {
      const at = tick.at[i] ?? 0;
      const place = t * placesPerTick + i;
      if (at >= keep.from && at < keep.to) {
        rest.push(place);
        continue;
      }
      const key = `${shardOf(tick.series[i] ?? 0)} ${Math.floor(at / chunkMs)}`;
      const list = places.get(key);
      if (list === undefined) places.set(key, [place]);
      else list.push(place);
    }
  });
  const groups = [...places].map(([key, list]) => {
    const [shard = 0, minute = 0] = key.split(' ').map(Number);
    return { shard, minute, columns: pick(ticks, list) };
  });
  return { groups, rest: pick(ticks, rest) };
}

/** More readings than a batch ever holds; a tick's number and a place in it share one number. */
const placesPerTick = 2 ** 32;

function pick(ticks: readonly Columns[], places: readonly number[]): Columns {
  const columns = emptyColumns(places.length);
  places.forEach((place, to) => {
    const tick = ticks[Math.floor(place / placesPerTick)];
    const from = place % placesPerTick;
    columns.value[to] = tick?.value[from] ?? Number.NaN;
    columns.at[to] = tick?.at[from] ?? 0;
    columns.series[to] = tick?.series[from] ?? 0;
    columns.quality[to] = tick?.quality[from] ?? 0;
  });
  return columns;
}

/** Order of a reading in its chunk as one number, so that a typed array sorts it: series, offset, then arrival. */
const arrivals = 2 ** 24;
const offsets = 2 ** 16;

/** The chunk with the group's readings added; of two with the same series and time the one that came later stays. */
export function mergeIntoChunk(stored: Chunk | undefined, group: Group): Uint8Array {
  const old = stored?.value.length ?? 0;
  const added = group.columns.at.length;
  if (old + added >= arrivals) throw new RangeError(`${old + added} readings in one minute of one shard`);
  const keys = new Float64Array(old + added);
  if (stored !== undefined) {
    for (let local = 0; local < seriesPerShard; local += 1) {
      const { begin, end } = placeOf(stored, local);
      for (let i = begin; i < end; i += 1)
        keys[i] = (local * offsets + (stored.offset[i] ?? 0)) * arrivals + i;
    }
  }
  const start = group.minute * chunkMs;
  for (let i = 0; i < added; i += 1) {
    const local = (group.columns.series[i] ?? 0) % seriesPerShard;
    keys[old + i] = (local * offsets + ((group.columns.at[i] ?? 0) - start)) * arrivals + old + i;
  }
  keys.sort();
  const kept = keys.filter(
    (key, i) => Math.floor(key / arrivals) !== Math.floor((keys[i + 1] ?? Infinity) / arrivals),
  );

  const chunk: Chunk = {
    counts: new Uint16Array(seriesPerShard),
    value: new Float64Array(kept.length),
    offset: new Uint16Array(kept.length),
    quality: new Uint8Array(kept.length),
  };
  kept.forEach((key, to) => {
    const place = Math.floor(key / arrivals);
    const arrival = key % arrivals;
    const local = Math.floor(place / offsets);
    chunk.counts[local] = (chunk.counts[local] ?? 0) + 1;
    chunk.offset[to] = place % offsets;
    chunk.value[to] =
      (arrival < old ? stored?.value[arrival] : group.columns.value[arrival - old]) ?? Number.NaN;
    chunk.quality[to] =
      (arrival < old ? stored?.quality[arrival] : group.columns.quality[arrival - old]) ?? 0;
  });
  return encodeChunk(chunk);
}

/** Both ascending; of two at the same time the one in `later` stays. */
export function mergeByTime(earlier: readonly Sample[], later: readonly Sample[]): readonly Sample[] {
  if (later.length === 0) return earlier;
  const merged: Sample[] = [];
  let next = 0;
  for (const sample of later) {
    for (let old = earlier[next]; old !== undefined && old.at <= sample.at; old = earlier[next]) {
      if (old.at < sample.at) merged.push(old);
      next += 1;
    }
    merged.push(sample);
  }
  return merged.concat(earlier.slice(next));
}
