import { good, isUsable } from '../../core/reading.ts';
import { bucketMs, type Bucket, type BucketResolution, type Sample } from './historian.ts';

/** Samples in ascending time, in pages that a store can read without holding up the process. */
export type Pages = AsyncIterable<readonly Sample[]>;

/** The first `limit` samples. */
export async function firstSamples(pages: Pages, limit: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  if (limit <= 0) return samples;
  for await (const page of pages) {
    for (const sample of page) {
      samples.push(sample);
      if (samples.length >= limit) return samples;
    }
  }
  return samples;
}

/** Figures per bucket; one definition for every store, so that their answers agree to the last bit. */
export async function bucketsOf(pages: Pages, resolution: BucketResolution): Promise<Bucket[]> {
  const width = bucketMs[resolution];
  const buckets: Bucket[] = [];
  let open: OpenBucket | undefined;
  for await (const page of pages) {
    for (const sample of page) {
      const at = Math.floor(sample.at / width) * width;
      if (open?.at !== at) {
        if (open !== undefined) buckets.push(closed(open));
        open = { at, min: Infinity, max: -Infinity, sum: 0, last: Number.NaN, usable: 0, count: 0, good: 0 };
      }
      add(open, sample);
    }
  }
  if (open !== undefined) buckets.push(closed(open));
  return buckets;
}

interface OpenBucket {
  readonly at: number;
  min: number;
  max: number;
  sum: number;
  last: number;
  usable: number;
  count: number;
  good: number;
}

function add(bucket: OpenBucket, sample: Sample): void {
  bucket.count += 1;
  if (sample.quality === good) bucket.good += 1;
  if (!isUsable(sample.quality)) return;
  bucket.usable += 1;
  bucket.sum += sample.value;
  bucket.last = sample.value;
  bucket.min = Math.min(bucket.min, sample.value);
  bucket.max = Math.max(bucket.max, sample.value);
}

function closed({ at, min, max, sum, last, usable, count, good }: OpenBucket): Bucket {
  if (usable === 0) return { at, min: null, max: null, mean: null, last: null, count, good };
  return { at, min, max, mean: sum / usable, last, count, good };
}
