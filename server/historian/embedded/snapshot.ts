import type { Sample, SampleColumns } from '../historian.ts';
import { aligned, bytesOf } from '../../../core/columns.ts';

/** The newest reading and the oldest time of every series, by series id; grows as points appear. Times NaN: none yet. */
export interface Snapshot {
  /** By series. */
  readonly columns: SampleColumns & {
    /** Epoch ms of the oldest reading ever merged. */
    readonly oldest: Float64Array;
  };
  /** A reading as old as the newest replaces it: it came later. */
  add(series: number, sample: Sample): void;
  encode(): Uint8Array;
}

/** Of a damaged snapshot, an empty one: it fills again as minutes are merged. */
export function readableSnapshot(blob?: Uint8Array): Snapshot {
  try {
    return createSnapshot(blob);
  } catch {
    return createSnapshot();
  }
}

const bytesPerSeries = 8 + 8 + 8 + 1;

function createSnapshot(blob?: Uint8Array): Snapshot {
  let columns = blob === undefined ? allocate(0) : viewOf(blob);
  return {
    get columns() {
      return columns;
    },
    add(series, sample) {
      if (series >= columns.at.length) columns = grown(columns, series + 1);
      const { at, oldest, value, quality } = columns;
      if (!(sample.at < (at[series] ?? Number.NaN))) {
        at[series] = sample.at;
        value[series] = sample.value;
        quality[series] = sample.quality;
      }
      if (!(sample.at >= (oldest[series] ?? Number.NaN))) oldest[series] = sample.at;
    },
    encode() {
      const n = columns.at.length;
      const bytes = new Uint8Array(n * bytesPerSeries);
      bytes.set(bytesOf(columns.at), 0);
      bytes.set(bytesOf(columns.oldest), n * 8);
      bytes.set(bytesOf(columns.value), n * 16);
      bytes.set(columns.quality, n * 24);
      return bytes;
    },
  };
}

type Columns = Snapshot['columns'];

function allocate(length: number): Columns {
  return {
    at: new Float64Array(length).fill(Number.NaN),
    oldest: new Float64Array(length).fill(Number.NaN),
    value: new Float64Array(length).fill(Number.NaN),
    quality: new Uint8Array(length),
  };
}

function grown(old: Columns, needed: number): Columns {
  const columns = allocate(Math.max(needed, old.at.length * 2));
  columns.at.set(old.at);
  columns.oldest.set(old.oldest);
  columns.value.set(old.value);
  columns.quality.set(old.quality);
  return columns;
}

function viewOf(blob: Uint8Array): Columns {
  if (blob.byteLength % bytesPerSeries !== 0)
    throw new Error(`a snapshot of ${blob.byteLength} bytes is damaged`);
  const n = blob.byteLength / bytesPerSeries;
  const { buffer, byteOffset } = aligned(blob);
  return {
    at: new Float64Array(buffer, byteOffset, n),
    oldest: new Float64Array(buffer, byteOffset + n * 8, n),
    value: new Float64Array(buffer, byteOffset + n * 16, n),
    quality: new Uint8Array(buffer, byteOffset + n * 24, n),
  };
}
