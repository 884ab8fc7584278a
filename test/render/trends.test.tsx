import { describe, expect, it } from 'vitest';
import type { FoundPoint } from '../../server/contracts/point-search.ts';
import { toSeries } from '../../web/history/series.ts';
import { TrendPage } from '../../web/trends/TrendPage.tsx';
import type { TrendData } from '../../web/trends/queries.ts';
import { render, renderedAt, textOf } from './support.tsx';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const inlet = 'dc/env-a01/temperature';
const door = 'dc/door-1/door-state';
const range = { from: renderedAt - dayMs, to: renderedAt };

function point(id: string, unit: string): FoundPoint {
  const [site = '', device = '', quantity = ''] = id.split('/');
  return {
    id, site, room: null, rack: null, device, owner: device, ownerName: { id: device, en: device }, part: null, quantity, unit,
    states: unit === 'state' ? { '0': 'closed', '1': 'open' } : null,
    limits: unit === 'state' ? [] : [{ rule: 'r', name: { id: 'Suhu', en: 'Temperature' }, side: 'above', value: 27, clause: 'BAB IV.1.4', priority: 'P2' }],
  }; // prettier-ignore
}

/** One bucket of an hour, which began so long before now. */
function buckets(id: string, agoMs: number, mean: number) {
  const at = new Date(renderedAt - agoMs).toISOString();
  return toSeries({
    point: id, unit: '°C', resolution: '1h', widthMs: hourMs, next: null,
    items: [{ at, min: mean - 1, max: mean + 1, mean, last: mean, count: 360, good: 360, coveredMs: hourMs, states: null }],
  }); // prettier-ignore
}
function readings(id: string, agoMs: number, value: number) {
  const at = new Date(renderedAt - agoMs).toISOString();
  return toSeries({ point: id, unit: 'state', resolution: 'raw', widthMs: null, next: null, items: [{ at, value, quality: 'good', reason: null }] }); // prettier-ignore
}

const data: TrendData = {
  range,
  series: new Map([
    [inlet, buckets(inlet, hourMs, 24.5)],
    [door, readings(door, 60_000, 1)],
  ]),
  compared: new Map([[inlet, buckets(inlet, hourMs, 22)]]),
};

function page(address: string, language: 'id' | 'en' = 'id', shown = data): string {
  const view = new URLSearchParams(address);
  const time = view.get('rentang') ?? '24h';
  const comparison = view.get('banding') ?? undefined;
  const ids = (view.get('kurva') ?? '').split(',').filter((id) => id === inlet || id === door);
  return render(<TrendPage />, {
    language,
    path: `/tren?${address}`,
    answers: [
      [['found-point', inlet], point(inlet, '°C')],
      [['found-point', door], point(door, 'state')],
      [['trend', ids.join(','), time, comparison], shown],
    ],
  });
}

const pressed = (html: string): string[] =>
  [...html.matchAll(/<button[^>]*aria-(?:pressed|checked)="true"[^>]*>(.*?)<\/button>/g)].map(([, text = '']) => textOf(text)); // prettier-ignore
const rowOf = (html: string, id: string): string =>
  textOf(new RegExp(`<tr data-point="${id}">.*?</tr>`).exec(html)?.[0] ?? '');

describe('the trend page', () => {
  it('shows each point at the end of the range with unit, span, quality and time', () => {
    const html = page(`kurva=${inlet},${door}`);
    expect(rowOf(html, inlet)).toMatch(/24,5 °C 23,5 – 25,5 °C baik/i);
    expect(rowOf(html, door)).toMatch(/terbuka/i);
  });

  it('reads limits and incidents as on, and off when the address says so', () => {
    expect(pressed(page(`kurva=${inlet}`))).toEqual(expect.arrayContaining(['Batas', 'Gangguan']));
    const off = pressed(page(`kurva=${inlet}&batas=tidak&gangguan=tidak`));
    expect(off).not.toContain('Batas');
    expect(off).not.toContain('Gangguan');
  });

  it('compares with the past that the address names, in a column of its own', () => {
    const html = page(`kurva=${inlet}&banding=kemarin`);
    expect(html).toMatch(/<option value="kemarin" selected="">kemarin<\/option>/);
    expect(rowOf(html, inlet)).toMatch(/24,5 °C .* 22,0 °C baik/i);
    expect(page(`kurva=${inlet}`)).toMatch(/<option value="" selected="">tidak ada<\/option>/);
  });

  it('says that nothing is known in a gap', () => {
    const html = page(`kurva=${inlet}`, 'id', { ...data, series: new Map() });
    expect(rowOf(html, inlet)).toContain('–');
    expect(rowOf(html, inlet)).not.toContain('°C');
  });

  it('gives what is drawn as CSV, for Excel of the language it is read in', () => {
    const fileOf = (language: 'id' | 'en'): URLSearchParams => {
      const href =
        /href="(\/api\/v1\/history[^"]*)"/.exec(page(`kurva=${inlet},${door}`, language))?.[1] ?? '';
      return new URLSearchParams(href.replaceAll('&amp;', '&').split('?')[1]);
    };
    expect(Object.fromEntries(fileOf('id'))).toMatchObject({
      points: `${inlet},${door}`,
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
      format: 'csv',
      dialect: 'excel',
    });
    expect(fileOf('en').get('dialect')).toBe('standard');
  });

  it('can be zoomed, moved and read with keys, and says with which', () => {
    const html = page(`kurva=${inlet}`);
    expect(html).toMatch(
      /role="application" tabindex="0" aria-label="[^"]+" aria-keyshortcuts="ArrowLeft ArrowRight \+ - /i,
    );
    for (const name of ['Mundur', 'Maju', 'Perbesar', 'Perkecil'])
      expect(html).toContain(`aria-label="${name}"`);
  });

  it('asks for two times where the range is an own one', () => {
    const html = page(`kurva=${inlet}&dari=2026-11-21T14:00:00%2B07:00&sampai=2026-11-22T14:00:00%2B07:00`);
    expect(html).toContain('value="2026-11-21T14:00"');
    expect(html).toContain('value="2026-11-22T14:00"');
  });
});
