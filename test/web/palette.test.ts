import { describe, expect, it } from 'vitest';
import { found, placesOf, type Entry } from '../../web/palette/entries.ts';
import { exampleSite, rack } from './support.ts';

const entries = placesOf([{ ...exampleSite(), racks: [rack('A', 1), rack('K', 14)] }], (text) => text.id);
const texts = (typed: string): string[] => found(entries, typed, 10).map(({ text }) => text);

describe('search for anything', () => {
  it('finds racks, devices and sites by words in any order', () => {
    expect(texts('k-14')).toEqual(['K-14']);
    expect(texts('dc pac')).toEqual(['PAC 01', 'PAC 02']);
    expect(texts('gedung')).toContain('DC');
  });
  it('needs every word', () => {
    expect(texts('pac nirwana')).toEqual([]);
    expect(texts('')).toEqual([]);
  });
  it('puts what begins with the word first', () => {
    const one: Entry = { group: 'page', key: 'a', to: '/a', text: 'Kinerja alarm', note: '' };
    const other: Entry = { group: 'page', key: 'b', to: '/b', text: 'Alarm', note: '' };
    expect(found([one, other], 'alarm', 10).map(({ text }) => text)).toEqual(['Alarm', 'Kinerja alarm']);
  });
  it('leads to the page of each thing', () => {
    expect(found(entries, 'k-14', 1)[0]?.to).toBe('/rak/dc/rack-k14');
    expect(found(entries, 'pac-01', 1)[0]?.to).toBe('/perangkat/dc/pac-01');
  });
});
