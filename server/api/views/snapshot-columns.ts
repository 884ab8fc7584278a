import type { Point } from '../../../config/model.ts';
import { grouped } from '../../../core/grouped.ts';
import { describeQuality, good } from '../../../core/reading.ts';
import { iso } from '../../../core/time.ts';
import type { SnapshotColumns } from '../../contracts/points.ts';
import type { Sample } from '../../historian/historian.ts';

interface Asked {
  readonly at: number;
  readonly complete: boolean;
  readonly was: (point: Point) => Sample;
}

/** Writes what `snapshotColumnsView` describes, a column at a time. The names of a site's points never change: their text is made once. */
export function createSnapshotColumns(): {
  readonly textOf: (points: readonly Point[], asked: Asked) => AsyncGenerator<string>;
} {
  const names = new Map<string, string>();

  function namesOf(site: string, points: readonly Point[]): string {
    const known = names.get(site);
    if (known !== undefined) return known;
    const text = JSON.stringify(points.map(({ id }) => id));
    names.set(site, text);
    return text;
  }

  return {
    async *textOf(points, { at, complete, was }) {
      const head = JSON.stringify({ at: iso(at), complete });
      let before = `${head.slice(0, -1)},"sites":[`;
      for (const [site, own] of grouped(points, (point) => point.site)) {
        yield `${before}{"site":${JSON.stringify(site)},"points":${namesOf(site, own)}`;
        const { value, ageMs, flawed } = figuresOf(own, at, was);
        yield `,"value":${JSON.stringify(value)}`;
        yield `,"ageMs":${JSON.stringify(ageMs)},"flawed":${JSON.stringify(flawed)}}`;
        before = ',';
      }
      yield before === ',' ? ']}' : `${before}]}`;
    },
  };
}

function figuresOf(
  points: readonly Point[],
  at: number,
  was: Asked['was'],
): Pick<SnapshotColumns, 'value' | 'ageMs' | 'flawed'> {
  const value: (number | null)[] = [];
  const ageMs: (number | null)[] = [];
  const flawed: SnapshotColumns['flawed'] = [];
  for (const [place, point] of points.entries()) {
    const sample = was(point);
    value.push(Number.isNaN(sample.value) ? null : sample.value);
    ageMs.push(sample.at === 0 ? null : Math.max(0, at - Math.trunc(sample.at)));
    if (sample.quality !== good) flawed.push({ place, ...describeQuality(sample.quality) });
  }
  return { value, ageMs, flawed };
}
