import { describe, expect, it } from 'vitest';
import { partPoints, partsOf } from '../../domain/site-state.ts';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { IncidentFoot } from '../../web/wall/IncidentFoot.tsx';
import { SiteCard } from '../../web/wall/SiteCard.tsx';
import { exampleSite, incident, rack, values } from '../web/support.ts';
import { render, textOf } from './support.tsx';

const site = { ...exampleSite(), racks: [rack('A', 1), rack('A', 2)] };

/** Everything well, but for what is named; `undefined`: no value. */
function live(changes: Readonly<Record<string, number | string | undefined>> = {}): Map<string, number> {
  const points = values(site, changes);
  const rows = new Map<string, number>();
  for (const id of partPoints(partsOf(site))) {
    const found = points(id);
    const value = found === undefined ? (id in changes ? changes[id] : 1) : found.value;
    if (typeof value === 'number') rows.set(id, value);
  }
  return rows;
}

const card = (changes = {}, incidents: readonly IncidentSummary[] = []): string =>
  render(<SiteCard site={site} incidents={incidents} layer="temperature" />, { values: live(changes) });
const tile = (html: string, name: string): string =>
  new RegExp(`<li class="([^"]*)" data-testid="tile-${name}".*?</li>`).exec(html)?.[0] ?? '';

describe('the state of a site', () => {
  it('is NORMAL when everything is known and well', () => {
    expect(textOf(card())).toContain('NORMAL');
  });
  it('is not NORMAL after a restart, before anything was read', () => {
    const html = render(<SiteCard site={site} incidents={[]} layer="temperature" />);
    expect(textOf(html)).toContain('TANPA DATA');
    expect(textOf(html)).not.toContain('NORMAL');
  });
  it('is not NORMAL while one device is lost or one rack has no data, and says how many', () => {
    expect(textOf(card({ 'dc/leak-1/link': 0, 'dc/env-rack-a1/temperature': undefined }))).toMatch(
      /2 TANPA DATA/,
    );
  });
  it('is the priority of the worst incident beside what is not known', () => {
    const text = textOf(card({ 'dc/leak-1/link': 0 }, [incident('a', { priority: 'P2' })]));
    expect(text).toMatch(/1 TANPA DATA P2/);
  });
});

describe('a tile', () => {
  it('is grey when its points are normal', () => {
    expect(tile(card(), 'cooling')).not.toContain('tile--abnormal');
  });
  it('is coloured when no cooling unit runs, though no incident is about cooling', () => {
    const dark = card({ 'dc/pac-01/system-state': 'off', 'dc/pac-02/system-state': 'off' }, [
      incident('a', { priority: 'P1' }),
    ]);
    expect(tile(dark, 'cooling')).toMatch(/tile--abnormal sev-p1/);
    expect(textOf(tile(dark, 'cooling'))).toBe('Pendingin 0 jalan');
  });
  it('shows the priority, not a calm word in red, when its points are normal and an incident is open', () => {
    const wet = card({}, [incident('a', { discipline: 'water', priority: 'P2' })]);
    expect(textOf(tile(wet, 'water'))).toBe('Air P2');
  });
  it('says how many detectors are silent, not how many are readable', () => {
    expect(textOf(tile(card({ 'dc/leak-1/zone-2/leak': undefined }), 'water'))).toBe('Air 1 putus');
  });
});

describe('values', () => {
  it('are part of what a screen reader says of a figure', () => {
    expect(card()).not.toMatch(/<button[^>]*data-point[^>]*aria-label/);
    expect(textOf(card())).toMatch(/Suhu masuk tertinggi 1,0 °C/);
  });
});

describe('incidents on the wall', () => {
  const many = (count: number): IncidentSummary[] =>
    Array.from({ length: count }, (_, place) =>
      incident(`i${place}`, { title: { id: `Gangguan ${place}`, en: `Incident ${place}` } }),
    );
  it('are three at most, and the rest is counted', () => {
    const html = render(<IncidentFoot incidents={many(10)} sites={[site]} />);
    expect(html.match(/class="foot-row/g)?.length).toBe(3);
    expect(textOf(html)).toContain('+7 gangguan lagi');
  });
  it('stand in boxes that make long sentences fit, so that they stay whole', () => {
    const title = 'x'.repeat(200);
    const html = render(
      <IncidentFoot incidents={[incident('a', { title: { id: title, en: title } })]} sites={[site]} />,
    );
    expect(html).toContain(`<span class="fit foot-title"><bdi>${title}</bdi></span>`);
  });
});
