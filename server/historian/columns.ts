import type { Bucket, BucketColumns } from './historian.ts';

type States = ReadonlyMap<number, number>;

/** Room for so many buckets; the states are told apart from the other columns, since of stored ones they are made when asked for. */
interface OpenColumns extends Omit<BucketColumns, 'states'> {
  /** By place; of the others see `closedColumns`. */
  readonly states: Map<number, States | null>;
}

export function openColumns(length: number): OpenColumns {
  return {
    at: new Float64Array(length),
    min: new Float64Array(length),
    max: new Float64Array(length),
    mean: new Float64Array(length),
    last: new Float64Array(length),
    count: new Uint32Array(length),
    good: new Uint32Array(length),
    coveredMs: new Uint32Array(length),
    states: new Map(),
  };
}

/** `statesElsewhere`: of the buckets of which `states` names none. */
export function closedColumns(
  open: OpenColumns,
  statesElsewhere: (place: number) => States | null,
): BucketColumns {
  const { states, ...rest } = open;
  return {
    ...rest,
    states(place) {
      const named = states.get(place);
      return named === undefined ? statesElsewhere(place) : named;
    },
  };
}

/** Of a bucket in one state for all the time that it covers. */
export function usualStates(last = Number.NaN, coveredMs = 0): States {
  return new Map(coveredMs === 0 ? [] : [[last, coveredMs]]);
}

export function columnsOf(buckets: readonly Bucket[]): BucketColumns {
  const columns = openColumns(buckets.length);
  for (const [place, bucket] of buckets.entries()) setBucket(columns, place, bucket);
  return closedColumns(columns, () => null);
}

export function setBucket(columns: OpenColumns, place: number, bucket: Bucket): void {
  const { at, min, max, mean, last, count, good, coveredMs, states } = bucket;
  columns.at[place] = at;
  columns.min[place] = min ?? Number.NaN;
  columns.max[place] = max ?? Number.NaN;
  columns.mean[place] = mean ?? Number.NaN;
  columns.last[place] = last ?? Number.NaN;
  columns.count[place] = count;
  columns.good[place] = good;
  columns.coveredMs[place] = coveredMs;
  columns.states.set(place, states);
}

export function columnsOfAll(found: ReadonlyMap<string, readonly Bucket[]>): Map<string, BucketColumns> {
  return new Map([...found].map(([point, buckets]) => [point, columnsOf(buckets)]));
}

export function bucketsIn(columns: BucketColumns): Bucket[] {
  const buckets: Bucket[] = [];
  for (let i = 0; i < columns.at.length; i += 1) buckets.push(bucketIn(columns, i));
  return buckets;
}

function bucketIn(
  { at, min, max, mean, last, count, good, coveredMs, states }: BucketColumns,
  i: number,
): Bucket {
  return {
    at: at[i] ?? Number.NaN,
    min: known(min[i]),
    max: known(max[i]),
    mean: known(mean[i]),
    last: known(last[i]),
    count: count[i] ?? 0,
    good: good[i] ?? 0,
    coveredMs: coveredMs[i] ?? 0,
    states: states(i),
  };
}

function known(value = Number.NaN): number | null {
  return Number.isNaN(value) ? null : value;
}
