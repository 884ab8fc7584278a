import { describe, expect, it } from 'vitest';
import type { CapacitySiteView, PredictionView } from '../../server/contracts/capacity.ts';
import { CapacityPage } from '../../web/capacity/CapacityPage.tsx';
import { Predictions } from '../../web/capacity/Predictions.tsx';
import { render, textOf } from './support.tsx';

const lost: PredictionView = {
  id: 'p1', site: 'dc', at: '2026-11-22T02:00:00.000Z', judgedAt: '2026-11-22T02:20:00.000Z',
  elements: [{ key: 'dc/pac-05', kind: 'pac', name: { id: 'PAC 05', en: 'PAC 05' } }],
  names: {
    'dc/rack-a01': { id: 'Rak A-01', en: 'Rack A-01' }, 'dc/rack-b02': { id: 'Rak B-02', en: 'Rack B-02' },
    'dc/ups-a1': { id: 'UPS A1', en: 'UPS A1' }, 'dc/hall-1': { id: 'Ruang data 1', en: 'Data hall 1' },
  },
  dark: { predicted: 0, seen: 1 }, losesRedundancy: { predicted: 0, seen: 0 }, overloads: { predicted: 0, seen: 0 },
  darkRacks: { notPredicted: ['dc/rack-a01'], notSeen: [] }, unread: 2,
  batteries: [{ ups: 'dc/ups-a1', predicted: 9, seen: 10 }], loads: [{ key: 'dc/ups-a1', predicted: 95, seen: 100 }],
  gensets: { predicted: 900, seen: 950 },
  pdus: { compared: 528, medianErrorPercent: 1.9, largestErrorPercent: 3.1, worst: [{ rack: 'dc/rack-b02', feed: 'A', predicted: 2, seen: 2.1 }] },
  temperatures: [{ hall: 'dc/hall-1', predicted: 26.5, seen: 27.1 }],
  warming: [
    { hall: 'dc/hall-1', limitC: 27, predicted: 22, seen: 18 },
    { hall: 'dc/hall-1', limitC: 32, predicted: 'never', seen: null },
  ],
  watchedMinutes: 20, loadErrorPercent: 5, batteryErrorPercent: 10, gensetErrorPercent: 5.3, temperatureErrorC: 0.6, minutesError: 4,
}; // prettier-ignore

describe('prediction and reality', () => {
  const answers = [
    [
      ['capacity-predictions', 'dc'],
      {
        items: [lost],
        next: null,
        accuracy: [{ figure: 'minutes', events: 3, median: 2, largest: 4 }],
      },
    ],
  ] as const;

  it('shows each figure with its error, the racks that were wrong, and how far off such predictions are', () => {
    const text = textOf(render(<Predictions site="dc" />, { answers }));
    expect(text).toMatch(
      /Selisih prakiraan dengan kenyataan .* Menit menuju 27 atau 32 °C 3 2,0 mnt 4,0 mnt/,
    );
    expect(text).toContain('Padam di luar prakiraan: Rak A-01.');
    expect(text).toContain('2 rak tidak terbaca.');
    expect(text).toMatch(/Ruang data 1 mencapai 27 °C 22,0 mnt 18,0 mnt 4,0 mnt/);
    expect(text).toMatch(/Ruang data 1 mencapai 32 °C tidak tercapai belum dalam 20 menit –/);
    expect(text).toMatch(/Beban genset .* 5,3 %/);
  });

  it('reads the same in English', () => {
    const text = textOf(render(<Predictions site="dc" />, { answers, language: 'en' }));
    expect(text).toMatch(/How far off predictions were .* Minutes to 27 or 32 °C 3 2\.0 min 4\.0 min/);
    expect(text).toMatch(/528 rack PDUs compared: median error 1\.9 %, largest 3\.1 %/);
    expect(text).not.toMatch(/capacity\./);
  });
});

describe('the head of the capacity page', () => {
  const view: CapacitySiteView = {
    site: 'dc', name: 'DC', at: '2026-11-22T06:59:00.000Z', tookMs: 40, usage: [], singles: [], worstPairs: [],
    pairs: { all: 1_830, dark: 0, overloaded: 0, unknown: 0 }, pdus: { all: 528, dark: 0, overloads: 0, unknown: 0 },
    elements: [], missing: [], missingCount: 0,
    notJudged: [
      { key: 'dc/ats-a', kind: 'ats', name: { id: 'ATS A', en: 'ATS A' } },
      { key: 'dc/panel:B', kind: 'panel', name: { id: 'Panel B', en: 'Panel B' } },
    ],
    breakers: { rated: 0, assumed: 528, unrated: 0, assumedAmps: [16] }, thermal: [],
  }; // prettier-ignore
  const answers = [
    [['sites'], [{ id: 'dc', name: 'DC' }]],
    [['capacity', 'dc'], { items: [view], next: null }],
  ] as const;

  it('names what is not judged as people do, by no id', () => {
    const text = textOf(render(<CapacityPage />, { answers, path: '/?situs=dc' }));
    expect(text).toContain('Tidak dinilai karena tanpa rating: ATS A, Panel B');
  });
});
