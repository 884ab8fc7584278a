import { describe, expect, it } from 'vitest';
import type { FoundPoint } from '../../server/contracts/point-search.ts';
import { rowAt, toSeries } from '../../web/history/series.ts';
import { incidentsOf, marksOf } from '../../web/trends/marks.ts';
import { limitsOf, panelsOf, trendsOf } from '../../web/trends/panels.ts';
import { searchText } from '../../web/trends/search.ts';
import {
  bounded,
  fromWibField,
  moved,
  rangeByKey,
  readView,
  wibField,
  withPoint,
  writeView,
  zoomed,
} from '../../web/trends/view.ts';
import { incident } from './support.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const noon = Date.parse('2026-11-22T12:00:00+07:00');

function point(id: string, unit: string, limits: FoundPoint['limits'] = []): FoundPoint {
  const [site = '', device = ''] = id.split('/');
  return {
    id, site, room: 'hall-1', rack: null, device, owner: device, ownerName: { id: device, en: device }, part: null, quantity: id.split('/').at(-1) ?? '',
    unit, states: unit === 'state' ? { '0': 'off', '1': 'on' } : null, limits,
  }; // prettier-ignore
}
const limit = (value: number, clause: string): FoundPoint['limits'][number] => ({
  rule: 'r', name: { id: 'n', en: 'n' }, side: 'above', value, clause, priority: 'P2',
}); // prettier-ignore

describe('the address of the trend page', () => {
  it('keeps points, own times of WIB, comparison and what is hidden', () => {
    const view = {
      points: ['dc/ups-a1/output-power', 'drc/site/power'],
      time: { from: noon, to: noon + 90_000 },
      comparison: 'minggu-lalu',
      limits: false,
      incidents: true,
    } as const;
    const search = writeView(new URLSearchParams('titik=dc%2Fx%2Fy'), view);
    expect(search.get('dari')).toBe('2026-11-22T12:00:00+07:00');
    expect(search.get('titik')).toBe('dc/x/y');
    expect(readView(search)).toEqual(view);
  });
  it('opens with what can be understood of a wrong one', () => {
    const search = new URLSearchParams('kurva=a,a,,b&rentang=2h&dari=kemarin&sampai=x&banding=tahun-lalu');
    expect(readView(search)).toEqual({
      points: ['a', 'b'],
      time: '24h',
      comparison: undefined,
      limits: true,
      incidents: true,
    });
    const swapped = new URLSearchParams('dari=2026-11-22T12:00:00Z&sampai=2026-11-22T11:00:00Z');
    expect(readView(swapped).time).toBe('24h');
  });
  it('takes eight points at most, and a ninth in place of the first', () => {
    const ids = Array.from({ length: 10 }, (_, number) => `p${number}`).join(',');
    const { points } = readView(new URLSearchParams({ kurva: ids }));
    expect(points).toHaveLength(8);
    const address = withPoint(`kurva=${ids}&titik=x&rentang=7d`, 'new');
    const next = readView(new URLSearchParams(address.split('?')[1]));
    expect(next.points.at(-1)).toBe('new');
    expect(next.points).toHaveLength(8);
    expect(next.time).toBe('7d');
    expect(address).not.toContain('titik');
  });
});

describe('the time that is shown', () => {
  const range = { from: noon, to: noon + hourMs };
  it('is zoomed around the time below the pointer, from a minute to a year', () => {
    const around = noon + hourMs / 4;
    const closer = zoomed(range, 0.5, around);
    expect(closer).toEqual({ from: noon + hourMs / 8, to: noon + (5 * hourMs) / 8 });
    expect(zoomed(range, 0.000001).to - zoomed(range, 0.000001).from).toBe(60_000);
    const far = zoomed(range, 1e9);
    expect(far.to - far.from).toBe(366 * dayMs);
  });
  it('is moved back freely and never beyond now', () => {
    expect(moved(range, -1, noon)).toEqual({ from: noon - hourMs, to: noon });
    expect(moved(range, 1, range.to + 60_000)).toEqual({ from: noon + 60_000, to: range.to + 60_000 });
    expect(moved(range, 1, range.to - 5_000)).toEqual(range);
  });
  it('obeys the keys', () => {
    expect(rangeByKey('ArrowLeft', range, noon + dayMs)).toEqual(moved(range, -0.2, noon + dayMs));
    expect(rangeByKey('+', range, noon)).toEqual(zoomed(range, 0.5));
    expect(rangeByKey('a', range, noon)).toBeUndefined();
  });
  it('is typed in WIB whatever the zone of the browser is', () => {
    expect(wibField(noon)).toBe('2026-11-22T12:00');
    expect(fromWibField('2026-11-22T12:00')).toBe(noon);
    expect(fromWibField('')).toBeUndefined();
    expect(bounded({ from: noon, to: noon + 1 })).toEqual({ from: noon + 1 - 60_000, to: noon + 1 });
  });
});

describe('the charts', () => {
  it('are one for numbers of two units, one for each unit of three, and one for every point of states', () => {
    const two = trendsOf([point('dc/a/x', 'kW'), point('dc/b/x', '°C'), point('dc/c/x', 'kW'), point('dc/d/s', 'state')]); // prettier-ignore
    expect(panelsOf(two).map(({ units, trends }) => [units, trends.map(({ letter }) => letter)])).toEqual([
      [
        ['kW', '°C'],
        ['A', 'B', 'C'],
      ],
      [['state'], ['D']],
    ]);
    const three = trendsOf([point('dc/a/x', 'kW'), point('dc/b/x', '°C'), point('dc/c/x', '%RH')]);
    expect(panelsOf(three).map(({ units }) => units)).toEqual([['kW'], ['°C'], ['%RH']]);
    expect(panelsOf([])).toEqual([]);
  });
  it('draw a limit that several points share once, with their letters and its clause', () => {
    const trends = trendsOf([
      point('dc/a/t', '°C', [limit(27, 'BAB IV.1.4'), limit(32, 'ASHRAE')]),
      point('dc/b/t', '°C', [limit(27, 'BAB IV.1.4')]),
      point('dc/c/p', 'kW', [limit(5, 'BAB IV.1.2')]),
    ]);
    expect(limitsOf(trends, '°C')).toEqual([
      { side: 'above', value: 27, clause: 'BAB IV.1.4', letters: 'AB' },
      { side: 'above', value: 32, clause: 'ASHRAE', letters: 'A' },
    ]);
  });
});

describe('what is read at the cursor', () => {
  const at = (seconds: number): string => new Date(noon + seconds * 1_000).toISOString();
  it('is the reading that holds then, with its quality; a gap is a gap', () => {
    const items = [0, 10, 20, 300].map((seconds) => ({ at: at(seconds), value: seconds, quality: 'good' as const, reason: null })); // prettier-ignore
    const series = toSeries({ point: 'p', unit: 'kW', resolution: 'raw', widthMs: null, next: null, items });
    expect(rowAt(series, noon - 1)).toBeUndefined();
    expect(rowAt(series, noon + 15_000)).toMatchObject({ at: noon + 10_000, value: 10, quality: 'good' });
    expect(rowAt(series, noon + 100_000)).toMatchObject({ value: null, quality: 'no-value' });
  });
  it('is, of a bucket of states, the state that it was in longest and never a mean of codes', () => {
    const bucket = { at: at(0), min: 0, max: 2, mean: 1, last: 0, count: 9, good: 8, coveredMs: 60_000, states: { '0': 10_000, '2': 50_000 } }; // prettier-ignore
    const series = toSeries({ point: 'p', unit: 'state', resolution: '1m', widthMs: 60_000, next: null, items: [bucket] }); // prettier-ignore
    expect(rowAt(series, noon)).toMatchObject({ value: 2, quality: 'partly-good' });
  });
});

describe('incidents of the time', () => {
  const range = { from: noon, to: noon + 10 * hourMs };
  const opened = (id: string, hours: number, more: Parameters<typeof incident>[1] = {}) =>
    incident(id, { openedAt: new Date(noon + hours * hourMs).toISOString(), ...more });
  it('are listed with those at the shown devices first, then the latest', () => {
    const list = [
      opened('old', 1),
      opened('late', 9),
      opened('near', 2, { causes: [{ node: 'dc/ups-a1', name: { id: 'n', en: 'n' }, effect: null, inferred: false }] }), // prettier-ignore
      opened('after', 11),
    ];
    const shown = incidentsOf(list, trendsOf([point('dc/ups-a1/power', 'kW')]), range);
    expect(shown.map(({ id }) => id)).toEqual(['near', 'late', 'old']);
  });
  it('are one mark where they began together, with the worst of their priorities', () => {
    const list = [opened('a', 1), opened('b', 1.01, { priority: 'P1' }), opened('c', 5, { priority: 'P4' })];
    expect(marksOf(list, [], { range, loadTest: 'uji' })).toEqual([
      { at: noon + hourMs, text: 'P1 ×2' },
      { at: noon + 5 * hourMs, text: 'P4' },
    ]);
  });
});

describe('the words of the search', () => {
  const names = {
    quantities: { temperature: 'Suhu', 'temperature-max': 'Suhu tertinggi', power: 'Daya' },
    kinds: { env: 'Sensor suhu dan kelembapan', genset: 'Genset' },
  };
  it('are asked for in the language of the page as well as by id', () => {
    expect(searchText(' Suhu  hall-1 ', names)).toBe('suhu|temperature|temperature-max hall-1');
    expect(searchText('genset daya', names)).toBe('genset|genset daya|power');
  });
  it('stay as they are while they are short, and cannot forge alternatives', () => {
    expect(searchText('su', names)).toBe('su');
    expect(searchText('a|b', names)).toBe('a b');
  });
});
