/** Source times as the server believes them. Pure: the one door before store and stream, on restore and on ingest. */

/** A source that is further ahead has a wrong clock; less is what two clocks differ by that agree. */
export const aheadToleranceMs = 1_000;

interface Timed {
  /** Source time, epoch ms. */
  readonly at: number;
}

/** Something that came with a time in the future, by more than the tolerance. */
export interface Ahead<Item> {
  readonly item: Item;
  /** Infinity where the time was no number. */
  readonly byMs: number;
}

export interface Admitted<Item> {
  readonly items: readonly Item[];
  readonly ahead: readonly Ahead<Item>[];
}

/** Nothing can have happened after it arrived: a later time becomes `now`, the value stays usable. Without such the list itself returns. */
export function admit<Item extends Timed>(items: readonly Item[], now: number): Admitted<Item> {
  if (items.every(({ at }) => at <= now)) return { items, ahead: [] };
  const ahead: Ahead<Item>[] = [];
  const admitted = items.map((item) => {
    if (item.at <= now) return item;
    const byMs = Number.isNaN(item.at) ? Infinity : item.at - now;
    if (byMs > aheadToleranceMs) ahead.push({ item, byMs });
    return { ...item, at: now };
  });
  return { items: admitted, ahead };
}

/** A reading's place in time: by its source's wall time, and by the clock that never goes back. */
export interface Place {
  readonly at: number;
  readonly since: number;
}

/**
 * Whether a reading is older than what is known. Newer by either time is news: after our wall clock was set back, the known
 * time lies in the future and only `since` orders; after it was set ahead, a source with a time of its own looks old and only
 * `at` does.
 */
export function isLate(reading: Place, known: Place): boolean {
  return reading.at < known.at && reading.since < known.since;
}
