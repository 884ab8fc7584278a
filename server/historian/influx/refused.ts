import { normalise } from '../normalise.ts';
import { HistorianRefusal, type StoredReading } from '../historian.ts';
import { InfluxError, type Refused } from './client.ts';

/**
 * The readings that the server refused, where it can be known: it names lines that it cannot parse, and only counts those that are too old
 * for the policy or whose value has another type than the field. Empty when the count does not fit.
 */
export function refusedReadings(
  readings: readonly StoredReading[],
  { count, reason = '', named }: Refused,
  oldest: number,
): StoredReading[] {
  if (named.length > 0) return named.flatMap((place) => readings[place] ?? []);
  const candidates = reason.includes('beyond retention')
    ? readings.filter(({ at }) => at < oldest)
    : /field type conflict: input field "value"/.test(reason)
      ? readings.filter((reading) => !Number.isNaN(normalise(reading).value))
      : [];
  return candidates.length === count ? candidates : [];
}

/** Answers that will not change, however often the same lines are sent. */
export function refusalOf(error: unknown): HistorianRefusal | undefined {
  if (!(error instanceof InfluxError)) return undefined;
  if (error.status === 413) return new HistorianRefusal('too-large', error.message);
  return error.status === 400 || error.status === 422
    ? new HistorianRefusal('refused', error.message)
    : undefined;
}

/** The database, or its policy, is not there (any more). */
export function isMissing(error: unknown): boolean {
  return error instanceof InfluxError && (error.status === 404 || error.message.includes('policy not found'));
}
