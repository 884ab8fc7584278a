import { isUsable, qualityCode } from '../../core/reading.ts';
import type { Sample, StoredReading } from './historian.ts';

const unreadable = qualityCode('decode');

/**
 * What a store keeps of a reading, so that both stores answer alike: whole milliseconds, no number with a bad quality,
 * and no good quality without a finite number.
 */
export function normalise(reading: StoredReading): Sample {
  const at = Math.round(reading.at);
  if (!isUsable(reading.quality)) return { at, value: Number.NaN, quality: reading.quality };
  if (!Number.isFinite(reading.value)) return { at, value: Number.NaN, quality: unreadable };
  return { at, value: reading.value, quality: reading.quality };
}

/** False for a reading that no store can keep: it has no name, or its time is outside ECMAScript's range of dates. */
export function isStorable(reading: StoredReading): boolean {
  return reading.point !== '' && Math.abs(reading.at) <= 8.64e15;
}
