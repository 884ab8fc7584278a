import type { Columns } from '../../../core/columns.ts';
import type { Sample, SampleColumns } from '../historian.ts';
import type { LastInHour } from './codec/hour.ts';

/** One reading of every series, in columns: of tens of thousands of series an object for each candidate would cost more than finding it. */
export interface Moment {
  /** NaN of a series that has none. */
  atOf(series: number): number;
  /** A reading at `begin` and its offset. Of two at the same time the one that is known stays. */
  keepNewer(series: number, begin: number, reading: LastInHour): void;
  /** The newest of every series, by its number; those after `until` are passed over, and so are those that are not wanted. */
  addNewest(newest: SampleColumns, until: number, isWanted?: readonly boolean[]): void;
  /** Those up to a time; of two at the same time the one that came later stays. */
  addAll(readings: Columns, until: number): void;
  /** By name, of all or some series that have one. */
  named(names: readonly string[], only?: ReadonlySet<string>): Map<string, Sample>;
  /** No series from this one on has one. */
  readonly length: number;
}

export function createMoment(): Moment {
  let at = new Float64Array(0);
  let value = new Float64Array(0);
  let quality = new Uint8Array(0);

  let length = 0;

  function makeRoom(series: number): void {
    if (series < length) return;
    length = series + 1;
    if (series < at.length) return;
    const room = Math.max(series + 1, 2 * at.length);
    const wider = { at: new Float64Array(room).fill(Number.NaN), value: new Float64Array(room), quality: new Uint8Array(room) }; // prettier-ignore
    wider.at.set(at);
    wider.value.set(value);
    wider.quality.set(quality);
    ({ at, value, quality } = wider);
  }

  return {
    atOf: (series) => at[series] ?? Number.NaN,
    keepNewer(series, begin, reading) {
      makeRoom(series);
      const time = begin + reading.offset;
      if ((at[series] ?? Number.NaN) >= time) return;
      at[series] = time;
      value[series] = reading.value;
      quality[series] = reading.quality;
    },
    addNewest(newest, until, isWanted) {
      makeRoom(newest.at.length - 1);
      for (let series = 0; series < newest.at.length; series += 1) {
        const time = newest.at[series] ?? Number.NaN;
        if (!(time <= until) || (at[series] ?? Number.NaN) >= time || isWanted?.[series] === false) continue;
        at[series] = time;
        value[series] = newest.value[series] ?? Number.NaN;
        quality[series] = newest.quality[series] ?? 0;
      }
    },
    addAll(readings, until) {
      for (let i = 0; i < readings.at.length; i += 1) {
        const time = readings.at[i] ?? 0;
        const series = readings.series[i] ?? 0;
        makeRoom(series);
        if (time > until || (at[series] ?? Number.NaN) > time) continue;
        at[series] = time;
        value[series] = readings.value[i] ?? Number.NaN;
        quality[series] = readings.quality[i] ?? 0;
      }
    },
    get length() {
      return length;
    },
    named(names, only) {
      const found = new Map<string, Sample>();
      for (let series = 0; series < length; series += 1) {
        const time = at[series] ?? Number.NaN;
        const name = names[series];
        if (Number.isNaN(time) || name === undefined || only?.has(name) === false) continue;
        found.set(name, { at: time, value: value[series] ?? Number.NaN, quality: quality[series] ?? 0 });
      }
      return found;
    },
  };
}
