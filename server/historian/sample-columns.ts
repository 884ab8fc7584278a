import type { Sample, SampleColumns } from './historian.ts';

export const noSamples: SampleColumns = columnsFor(0);

function columnsFor(length: number): SampleColumns {
  return { at: new Float64Array(length), value: new Float64Array(length), quality: new Uint8Array(length) };
}

/** The places [from, to). */
function partOf({ at, value, quality }: SampleColumns, from: number, to: number): SampleColumns {
  return {
    at: at.subarray(from, to),
    value: value.subarray(from, to),
    quality: quality.subarray(from, to),
  };
}

export function firstOf(columns: SampleColumns, limit: number): SampleColumns {
  return columns.at.length <= limit ? columns : partOf(columns, 0, Math.max(0, limit));
}

export function sampleColumnsOf(samples: readonly Sample[]): SampleColumns {
  const columns = columnsFor(samples.length);
  for (const [place, { at, value, quality }] of samples.entries()) {
    columns.at[place] = at;
    columns.value[place] = value;
    columns.quality[place] = quality;
  }
  return columns;
}

export function samplesIn({ at, value, quality }: SampleColumns): Sample[] {
  const samples: Sample[] = [];
  for (let i = 0; i < at.length; i += 1)
    samples.push({ at: at[i] ?? 0, value: value[i] ?? Number.NaN, quality: quality[i] ?? 0 });
  return samples;
}

/** Gathers readings in ascending time. */
export interface SampleColumnsBuilder {
  readonly length: number;
  /** The places [from, to) of readings whose times count from `begin`. */
  add(readings: SampleColumns, part: { readonly begin: number; readonly from: number; readonly to: number }): void;
  finish(): SampleColumns;
} // prettier-ignore

export function createSampleColumnsBuilder(): SampleColumnsBuilder {
  let columns = columnsFor(512);
  let length = 0;

  function makeRoom(needed: number): void {
    if (needed <= columns.at.length) return;
    const wider = columnsFor(Math.max(needed, 2 * columns.at.length));
    wider.at.set(columns.at);
    wider.value.set(columns.value);
    wider.quality.set(columns.quality);
    columns = wider;
  }

  return {
    get length() {
      return length;
    },
    add(readings, { begin, from, to }) {
      if (to <= from) return;
      makeRoom(length + to - from);
      const { at } = columns;
      for (let i = from; i < to; i += 1) at[length + i - from] = begin + (readings.at[i] ?? 0);
      columns.value.set(readings.value.subarray(from, to), length);
      columns.quality.set(readings.quality.subarray(from, to), length);
      length += to - from;
    },
    finish: () => partOf(columns, 0, length),
  };
}

/** Both ascending; of two at the same time the one in `later` stays. */
export function mergeSampleColumns(earlier: SampleColumns, later: SampleColumns): SampleColumns {
  if (later.at.length === 0) return earlier;
  if (earlier.at.length === 0) return later;
  const merged = columnsFor(earlier.at.length + later.at.length);
  let length = 0;
  const take = (from: SampleColumns, place: number): void => {
    merged.at[length] = from.at[place] ?? 0;
    merged.value[length] = from.value[place] ?? Number.NaN;
    merged.quality[length] = from.quality[place] ?? 0;
    length += 1;
  };
  let old = 0;
  for (let i = 0; i < later.at.length; i += 1) {
    const at = later.at[i] ?? 0;
    for (; (earlier.at[old] ?? Infinity) < at; old += 1) take(earlier, old);
    if (earlier.at[old] === at) old += 1;
    take(later, i);
  }
  for (; old < earlier.at.length; old += 1) take(earlier, old);
  return partOf(merged, 0, length);
}
