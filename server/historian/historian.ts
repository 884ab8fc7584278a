import { dayMs, wibMidnight } from '../../core/wib.ts';
import type { NamedReading, QualityCode } from '../../core/reading.ts';

/** A reading as the store knows it. */
export type StoredReading = NamedReading;

export interface Sample {
  readonly at: number;
  /** NaN when bad. */
  readonly value: number;
  readonly quality: QualityCode;
}

/** Readings of one point in columns of equal length, ascending in time; as in `Sample`. */
export interface SampleColumns {
  readonly at: Float64Array;
  readonly value: Float64Array;
  readonly quality: Uint8Array;
}

/** One bucket [at, at + width) of a point. */
export interface Bucket {
  readonly at: number;
  /**
   * Over the usable readings in the bucket. Where there is none but the reading before it still holds (`PointFacts.holdMs`), they are
   * that reading's value; null where nothing is known.
   */
  readonly min: number | null;
  readonly max: number | null;
  /** Arithmetic, over the readings. */
  readonly mean: number | null;
  readonly last: number | null;
  /** All readings, and those of good quality. */
  readonly count: number;
  readonly good: number;
  /** Ms of the bucket for which a usable reading holds; the rest of it is a gap. */
  readonly coveredMs: number;
  /** For points of states: value → ms in that state; their sum is `coveredMs`. Null for every other point. */
  readonly states: ReadonlyMap<number, number> | null;
}

export const bucketMs = { '1m': 60_000, '1h': 3_600_000, '1d': dayMs } as const;
export type BucketResolution = keyof typeof bucketMs;

/** Buckets of one point in columns, ascending in time; as in `Bucket`, with NaN for null. To be read only: points may share columns. */
export interface BucketColumns {
  readonly at: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly last: Float64Array;
  readonly count: Uint32Array;
  readonly good: Uint32Array;
  readonly coveredMs: Uint32Array;
  /** Of the bucket at a place. */
  readonly states: (place: number) => ReadonlyMap<number, number> | null;
}

/** The beginning of the bucket that holds `at`: minutes and hours of UTC, days of WIB. */
export function bucketStart(at: number, resolution: BucketResolution): number {
  if (resolution === '1d') return wibMidnight(at);
  return Math.floor(at / bucketMs[resolution]) * bucketMs[resolution];
}

/** What a store must know of a point to give figures over time. */
export interface PointFacts {
  /** Values are codes of states: buckets tell the time in each. */
  readonly isState: boolean;
  /** A reading holds until the next one, but no longer than this; at most an hour. */
  readonly holdMs: number;
}
/** For every point, also one that is not configured any more. */
export type FactsOf = (point: string) => PointFacts;

/** Raw readings that are kept longer than the others, as evidence: of a load test, of an incident. */
export interface Pin {
  /** Who asks; the same name again replaces the pin. */
  readonly name: string;
  readonly points: readonly string[];
  /** `to` may lie in the future and be moved. */
  readonly range: Range;
}

/** [from, to) in epoch ms. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The store is there and will not take these readings, however often they are sent. */
export class HistorianRefusal extends Error {
  readonly kind: 'too-large' | 'refused';
  constructor(kind: 'too-large' | 'refused', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** How long each resolution is kept, ms. `pinned`: raw readings that are evidence. */
export type Retention = Readonly<Record<'raw' | BucketResolution | 'pinned', number>>;

/**
 * Stores readings. Two implementations (embedded, InfluxDB) pass one contract suite. Readings of one point may come
 * in any order; two of the same point and time: the later append wins.
 */
export interface Historian {
  /**
   * Resolves once the batch is durable; rejects when it is not: with HistorianRefusal when the same batch will never be taken, else
   * the caller keeps it and tries again. `throughPowerCut`: durable even if the machine dies, for a sender that forgets the batch then.
   */
  append(batch: readonly StoredReading[], options?: { readonly throughPowerCut: boolean }): Promise<void>;
  /** Ascending in time; at most `limit` samples, the newest ones are cut (the caller pages on). */
  raw(point: string, range: Range, limit: number, signal?: AbortSignal): Promise<Sample[]>;
  /**
   * The same of many points in columns, at most `limit` of each, in a fraction of the time and memory: what they share is read once. A
   * point that is not known has none.
   */
  rawColumns(
    points: readonly string[],
    range: Range,
    limit: number,
    signal?: AbortSignal,
  ): Promise<Map<string, SampleColumns>>;
  /**
   * By point; ascending. The range is widened to whole buckets. A bucket is left out when it has no reading and none holds into it,
   * a point when it has no bucket. Exact, also after late readings.
   */
  buckets(
    points: readonly string[],
    range: Range,
    resolution: BucketResolution,
    signal?: AbortSignal,
  ): Promise<Map<string, Bucket[]>>;
  /** The same in columns, for who reads hundreds of thousands: several times as fast, in less memory. */
  columns(
    points: readonly string[],
    range: Range,
    resolution: BucketResolution,
    signal?: AbortSignal,
  ): Promise<Map<string, BucketColumns>>;
  /** The newest reading of every point, or of some, at or before `at` (default: of all). */
  last(at?: number, signal?: AbortSignal, points?: ReadonlySet<string>): Promise<Map<string, Sample>>;
  /** Resolves once it is durable. */
  pin(pin: Pin): Promise<void>;
  /** From now on each resolution is kept for so long: a reload may change it. What became too old is deleted with the next upkeep. */
  keepFor(retention: Retention): void;
  /** What health shows: undefined when well, else what is wrong. */
  problem(): string | undefined;
  close(): Promise<void>;
}
