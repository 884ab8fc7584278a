import type { FactsOf, Range, StoredReading } from '../historian.ts';

export const hourMs = 3_600_000;

/**
 * Which hours of which points have readings that their stored buckets do not show yet. What is due is computed from raw readings
 * when it is asked for, so that an answer never depends on how far the filling is. InfluxDB knows the hours, so that a restart does too.
 */
export interface DueHours {
  /** Before readings are written. Resolves with the hours that the server must be told of first. */
  begin(readings: readonly StoredReading[]): Promise<Begun>;
  /** The server knows that these are due. */
  told(hours: readonly number[]): void;
  /** After they were written, or not. */
  end(begun: Begun): void;
  /** An hour that the server calls due: of every point. */
  load(hour: number): void;
  /** The due hours of a point that begin in the range, ascending. */
  of(point: string, range: Range): number[];
  /** Hours that may be filled: they ended before `until`, and nothing was written to them after `quietSince` on the monotonic clock. */
  ready(until: number, quietSince: number): number[];
  /** The points to fill; they stay due until `done`. `all`: every point there is. */
  take(hour: number, all: () => Promise<string[]>): Promise<string[]>;
  /** Filled. `tell` writes that to the server; it is not called when there is more to do. */
  done(hour: number, tell: () => Promise<void>): Promise<void>;
  /** Not filled. */
  giveBack(hour: number): void;
}

interface Begun {
  readonly hours: readonly number[];
  readonly untold: readonly number[];
}

interface Hour {
  /** Every point, also those that were never seen here. */
  all: boolean;
  marked: Uint8Array;
  isMarked: boolean;
  taken: Uint8Array | undefined;
  takenAll: boolean;
  writing: number;
  lastWrite: number;
  isTold: boolean;
  telling: Promise<void> | undefined;
}

export function createDueHours(facts: FactsOf, monotonic: () => number): DueHours {
  const hours = new Map<number, Hour>();
  const numbers = new Map<string, number>();
  const names: string[] = [];

  function numberOf(point: string): number {
    const known = numbers.get(point);
    if (known !== undefined) return known;
    names.push(point);
    numbers.set(point, names.length - 1);
    return names.length - 1;
  }

  function hourAt(hour: number): Hour {
    const known = hours.get(hour);
    if (known !== undefined) return known;
    const made: Hour = {
      all: false, marked: new Uint8Array(), isMarked: false, taken: undefined, takenAll: false, writing: 0, lastWrite: -Infinity, isTold: false, telling: undefined,
    }; // prettier-ignore
    hours.set(hour, made);
    return made;
  }

  function mark(hour: number, point: number): void {
    const state = hourAt(hour);
    state.marked = withBit(state.marked, point, names.length);
    state.isMarked = true;
  }

  return {
    async begin(readings) {
      const touched = new Set<number>();
      for (const { point, at } of readings) {
        const number = numberOf(point);
        const hour = Math.floor(at / hourMs) * hourMs;
        mark(hour, number);
        touched.add(hour);
        if (at + facts(point).holdMs <= hour + hourMs) continue;
        mark(hour + hourMs, number);
        touched.add(hour + hourMs);
      }
      const begun = [...touched];
      for (const hour of begun) hourAt(hour).writing += 1;
      // What becomes of it is the filling's to see.
      for (const hour of begun) await hours.get(hour)?.telling?.catch(() => undefined);
      return { hours: begun, untold: begun.filter((hour) => !hourAt(hour).isTold) };
    },
    told(list) {
      for (const hour of list) hourAt(hour).isTold = true;
    },
    end(begun) {
      for (const hour of begun.hours) {
        const state = hourAt(hour);
        state.writing -= 1;
        state.lastWrite = monotonic();
      }
    },
    load(hour) {
      const state = hourAt(hour);
      state.all = true;
      state.isTold = true;
    },
    of(point, range) {
      const number = numbers.get(point);
      const found: number[] = [];
      for (const [hour, { all, takenAll, marked, taken }] of hours) {
        if (hour + hourMs <= range.from || hour >= range.to) continue;
        if (all || takenAll || hasBit(marked, number) || hasBit(taken, number)) found.push(hour);
      }
      return found.sort((a, b) => a - b);
    },
    ready(until, quietSince) {
      return [...hours]
        .filter(([hour, { all, isMarked, writing, lastWrite, taken }]) => {
          const isQuiet = writing === 0 && taken === undefined && lastWrite <= quietSince;
          return (all || isMarked) && isQuiet && hour + hourMs <= until;
        })
        .map(([hour]) => hour)
        .sort((a, b) => a - b);
    },
    async take(hour, all) {
      const state = hourAt(hour);
      if (state.all) {
        const points = await all();
        for (const point of points) mark(hour, numberOf(point));
      }
      state.takenAll = state.all;
      state.all = false;
      state.taken = state.marked;
      state.marked = new Uint8Array();
      state.isMarked = false;
      const { taken } = state;
      return names.filter((_, number) => hasBit(taken, number));
    },
    async done(hour, tell) {
      const state = hourAt(hour);
      state.taken = undefined;
      state.takenAll = false;
      if (state.isMarked || state.writing > 0) return;
      state.isTold = false;
      state.telling = tell().finally(() => (state.telling = undefined));
      try {
        await state.telling;
      } catch (error) {
        // The server may call it due for longer than it is: it is filled once more after a restart.
        state.isTold = true;
        throw error;
      } finally {
        if (!state.isMarked && state.writing === 0) hours.delete(hour);
      }
    },
    giveBack(hour) {
      const state = hourAt(hour);
      const { taken } = state;
      state.all ||= state.takenAll;
      state.taken = undefined;
      state.takenAll = false;
      if (taken === undefined) return;
      for (const [number] of names.entries()) if (hasBit(taken, number)) mark(hour, number);
    },
  };
}

function hasBit(bits: Uint8Array | undefined, number: number | undefined): boolean {
  if (bits === undefined || number === undefined) return false;
  return ((bits[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
}

/** Sets the bit, in a copy where there is no room for `size` of them. */
function withBit(bits: Uint8Array, number: number, size: number): Uint8Array {
  const room = bits.length * 8 > number ? bits : new Uint8Array(Math.ceil((size + 1_024) / 8));
  if (room !== bits) room.set(bits);
  room[number >> 3] = (room[number >> 3] ?? 0) | (1 << (number & 7));
  return room;
}
