import { describeQuality, qualityCode } from '../../core/reading.ts';
import type { PointValue } from '../../domain/value.ts';
import type { LiveValues } from '../../server/contracts/live.ts';

interface Cell {
  shown: PointValue;
  next: PointValue;
  /** Grows with every visible change; a changed sum means that one of several points changed. */
  version: number;
  readonly listeners: Set<() => void>;
  watchers: number;
}

export interface PointStoreOptions {
  /** Runs the flush, once, soon: `requestAnimationFrame` in the page. */
  readonly schedule: (flush: () => void) => void;
  /** Called when the set of watched points changes. */
  readonly onWatchChange?: () => void;
}

const neverRead: PointValue = { value: null, at: 0, quality: qualityCode('never-read'), stale: false };
const staleCode = qualityCode('stale');

/**
 * One cell a watched point, one flush a frame: however fast values arrive, a cell holds only the newest and a page
 * renders at most once a frame. A cell is removed when nothing watches it, so memory is bounded by what is on the screen.
 */
export class PointStore {
  readonly #cells = new Map<string, Cell>();
  readonly #dirty = new Set<Cell>();
  readonly #staleAfterMs = new Map<string, number>();
  readonly #schedule: (flush: () => void) => void;
  readonly #onWatchChange: () => void;
  #scheduled = false;

  constructor(options: PointStoreOptions) {
    this.#schedule = options.schedule;
    this.#onWatchChange = options.onWatchChange ?? (() => undefined);
  }

  get(id: string): PointValue {
    return this.#cells.get(id)?.shown ?? neverRead;
  }

  /** A number that differs when one of the points changed. */
  version(ids: readonly string[]): number {
    return ids.reduce((sum, id) => sum + (this.#cells.get(id)?.version ?? 0), 0);
  }

  /** Watches the points until the returned function is called. */
  watch(ids: readonly string[], listener?: () => void): () => void {
    const cells = ids.map((id) => this.#cellOf(id));
    for (const cell of cells) {
      cell.watchers += 1;
      if (listener !== undefined) cell.listeners.add(listener);
    }
    this.#onWatchChange();
    return () => {
      cells.forEach((cell, place) => {
        cell.watchers -= 1;
        if (listener !== undefined) cell.listeners.delete(listener);
        if (cell.watchers > 0) return;
        this.#dirty.delete(cell);
        const id = ids[place];
        if (id !== undefined) this.#cells.delete(id);
      });
      this.#onWatchChange();
    };
  }

  watched(): string[] {
    return [...this.#cells.keys()];
  }

  setStaleAfter(id: string, ms: number): void {
    this.#staleAfterMs.set(id, ms);
  }

  /** Takes values as they came; `watched` is the list their positions refer to. `now` is the server's time. */
  apply(watched: readonly string[], values: LiveValues, now: number): void {
    const whole = new Map(
      values.whole?.row.map((row, place) => [
        row,
        { value: values.whole?.value[place] ?? 0, at: values.whole?.at[place] ?? 0 },
      ]),
    );
    values.position.forEach((position, row) => {
      const id = watched[position];
      const cell = id === undefined ? undefined : this.#cells.get(id);
      if (id === undefined || cell === undefined) return;
      const quality = values.quality[row] ?? neverRead.quality;
      const sent = values.value[row] ?? null;
      const lastWhole = whole.get(row);
      const value =
        sent === null && quality === staleCode && lastWhole === undefined ? cell.next.value : sent;
      const read = { value, at: values.at[row] ?? 0, quality, stale: false };
      this.#put(cell, this.#judge(id, lastWhole === undefined ? read : { ...read, lastWhole }, now));
    });
  }

  /** Ages every point: called once a second with the server's time. */
  tick(now: number): void {
    for (const [id, cell] of this.#cells) this.#put(cell, this.#judge(id, cell.next, now));
  }

  #judge(id: string, value: PointValue, now: number): PointValue {
    const bad = describeQuality(value.quality).quality === 'bad';
    // The server knows every point's limit and reports what is stale; the page judges by age only what it knows the limit of.
    const limit = this.#staleAfterMs.get(id);
    const old = limit !== undefined && value.at > 0 && now - value.at > limit;
    const stale = value.quality === staleCode || (!bad && old);
    return stale === value.stale ? value : { ...value, stale };
  }

  #put(cell: Cell, next: PointValue): void {
    if (same(cell.next, next)) return;
    cell.next = next;
    this.#dirty.add(cell);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#flush();
    });
  }

  #flush(): void {
    this.#scheduled = false;
    const listeners = new Set<() => void>();
    for (const cell of this.#dirty) {
      cell.shown = cell.next;
      cell.version += 1;
      for (const listener of cell.listeners) listeners.add(listener);
    }
    this.#dirty.clear();
    for (const listener of listeners) listener();
  }

  #cellOf(id: string): Cell {
    const found = this.#cells.get(id);
    if (found !== undefined) return found;
    const cell: Cell = { shown: neverRead, next: neverRead, version: 1, listeners: new Set(), watchers: 0 };
    this.#cells.set(id, cell);
    return cell;
  }
}

function same(a: PointValue, b: PointValue): boolean {
  return (
    a.value === b.value &&
    a.at === b.at &&
    a.quality === b.quality &&
    a.stale === b.stale &&
    a.lastWhole?.value === b.lastWhole?.value &&
    a.lastWhole?.at === b.lastWhole?.at
  );
}
