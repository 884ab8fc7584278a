import type { Columns } from '../../../core/columns.ts';
import type { Sample } from '../historian.ts';

/** One reading of every series, in columns: of tens of thousands of series an object for each candidate would cost more than finding it. */
export interface Moment {
  /** NaN of a series that has none. */
  atOf(series: number): number;
  /** Of two at the same time the one that is known stays. */
  keepNewer(series: number, sample: Sample): void;
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
  function set(series: number, sample: Sample): void {
    at[series] = sample.at;
    value[series] = sample.value;
    quality[series] = sample.quality;
  }

  return {
    atOf: (series) => at[series] ?? Number.NaN,
    keepNewer(series, sample) {
      makeRoom(series);
      if (!((at[series] ?? Number.NaN) >= sample.at)) set(series, sample);
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
