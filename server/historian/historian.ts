import type { NamedReading, QualityCode } from '../../core/reading.ts';

/** A reading as the store knows it. */
export type StoredReading = NamedReading;

export interface Sample {
  readonly at: number;
  /** NaN when bad. */
  readonly value: number;
  readonly quality: QualityCode;
}

/** One bucket [at, at + resolution); figures over usable readings, null where there was none. */
export interface Bucket {
  readonly at: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly last: number | null;
  /** All readings, and those of good quality. */
  readonly count: number;
  readonly good: number;
}

export const bucketMs = { '1m': 60_000, '1h': 3_600_000 } as const;
export type BucketResolution = keyof typeof bucketMs;

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
  raw(point: string, range: Range, limit: number): Promise<Sample[]>;
  /** Ascending; buckets without any reading are left out. */
  buckets(point: string, range: Range, resolution: BucketResolution): Promise<Bucket[]>;
  /** The newest reading of every point at or before `at` (default: of all). */
  last(at?: number): Promise<Map<string, Sample>>;
  /** What health shows: undefined when well, else what is wrong. */
  problem(): string | undefined;
  close(): Promise<void>;
}
