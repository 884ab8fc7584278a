import { describe, expect, it } from 'vitest';
import type { Label } from '../../../config/schema/common.ts';
import type { Situation } from '../../../domain/wording/situation.ts';
import { incidentTitle } from '../../../domain/wording/title.ts';

const same = (text: string): Label => ({ id: text, en: text });
const hall: Label = { id: 'Ruang data 1', en: 'Data hall 1' };
const quiet: Situation = {
  site: 'DC', room: null, name: { id: 'Sumber listrik PLN hilang', en: 'PLN source lost' }, title: { id: '{things} padam di {site}', en: '{things} lost at {site}' },
  things: [same('PLN A')], of: 2, noun: { id: 'sumber PLN', en: 'PLN sources' }, reading: null, inferred: null, consequences: [], left: null, carrier: null, isOver: false,
}; // prettier-ignore
const hot: Situation = {
  ...quiet, room: hall, name: { id: 'Suhu tinggi', en: 'Too hot' }, title: { id: 'Suhu {value} di {things}, {where}; batas {limit}', en: 'Temperature {value} at {things}, {where}; limit {limit}' },
  things: [{ id: 'Rak C-14', en: 'Rack C-14' }], of: 132, noun: { id: 'rak', en: 'racks' },
  reading: { now: 29.4, worst: 31, limit: 27, unit: '°C', trend: 'rising' },
}; // prettier-ignore
const silent: Situation = {
  ...quiet,
  inferred: 'link-lost',
  things: [hall, { id: 'Ruang data 2', en: 'Data hall 2' }],
};
const racks = ['C-14', 'C-15', 'D-01'].map((label): Label => ({ id: `Rak ${label}`, en: `Rack ${label}` }));

describe('the title of an incident', () => {
  it.each<[Partial<Situation>, Situation, string, string]>([
    [{}, quiet, 'PLN A padam di DC', 'PLN A lost at DC'],
    [{ things: [same('PLN B'), same('PLN A')] }, quiet, 'PLN A dan B padam di DC', 'PLN A and B lost at DC'],
    [
      { things: [same('PLN A'), same('PLN B')], carrier: { by: 'gensets', running: 3, of: 3 } }, quiet,
      'PLN A dan B padam di DC; beban dipikul genset, 3 dari 3 jalan', 'PLN A and B lost at DC; the gensets carry the load, 3 of 3 running',
    ],
    [{ carrier: { by: 'batteries' }, consequences: [{ effect: 'on-battery', count: 2, of: 4 }] }, quiet,
      'PLN A padam di DC; beban dipikul baterai UPS, 2 dari 4 UPS memakai baterai', 'PLN A lost at DC; the UPS batteries carry the load, 2 of 4 UPS on battery'],
    // Held since it comes and goes: nothing is without power any more.
    [{ carrier: { by: 'grid', back: [same('PLN A')] } }, quiet, 'PLN A padam di DC; tegangan PLN A sudah kembali', 'PLN A lost at DC; the voltage of PLN A is back'],
    [{ carrier: { by: 'grid', back: null } }, quiet, 'PLN A padam di DC; tegangan sudah kembali', 'PLN A lost at DC; the voltage is back'],
    [{ isOver: true, consequences: [{ effect: 'on-battery', count: 2, of: 4 }] }, quiet, 'PLN A padam di DC; sudah pulih', 'PLN A lost at DC; over now'],
    [{}, hot, 'Suhu 29,4 °C naik (terburuk 31,0 °C) di Rak C-14, Ruang data 1, DC; batas 27,0 °C',
      'Temperature 29.4 °C rising (worst 31.0 °C) at Rack C-14, Data hall 1, DC; limit 27.0 °C'],
    [{ things: racks.slice(0, 2) }, hot, 'Suhu 29,4 °C naik (terburuk 31,0 °C) di Rak C-14 dan C-15, Ruang data 1, DC; batas 27,0 °C',
      'Temperature 29.4 °C rising (worst 31.0 °C) at Rack C-14 and C-15, Data hall 1, DC; limit 27.0 °C'],
    [{ things: racks }, hot, 'Suhu 29,4 °C naik (terburuk 31,0 °C) di 3 dari 132 rak, Ruang data 1, DC; batas 27,0 °C',
      'Temperature 29.4 °C rising (worst 31.0 °C) at 3 of 132 racks, Data hall 1, DC; limit 27.0 °C'],
    [{ things: racks, of: 3 }, hot, 'Suhu 29,4 °C naik (terburuk 31,0 °C) di semua 3 rak, Ruang data 1, DC; batas 27,0 °C',
      'Temperature 29.4 °C rising (worst 31.0 °C) at all 3 racks, Data hall 1, DC; limit 27.0 °C'],
    [{ reading: { now: null, worst: 31, limit: 27, unit: '°C', trend: null } }, hot,
      'Suhu 31,0 °C (sekarang tidak terbaca) di Rak C-14, Ruang data 1, DC; batas 27,0 °C', 'Temperature 31.0 °C (not readable now) at Rack C-14, Data hall 1, DC; limit 27.0 °C'],
    [{ isOver: true }, hot, 'Suhu 31,0 °C di Rak C-14, Ruang data 1, DC; batas 27,0 °C; sudah pulih', 'Temperature 31.0 °C at Rack C-14, Data hall 1, DC; limit 27.0 °C; over now'],
    [{ consequences: [{ effect: 'link-lost', count: 322, of: 322 }] }, silent,
      'Jaringan ke Ruang data 1 dan 2 putus di DC; 322 perangkat tidak menjawab', 'Network to Data hall 1 and 2 is cut at DC; 322 devices not answering'],
    [{ title: { id: '{things} dibuka paksa, {where}', en: '{things} forced open, {where}' }, things: [same('Mantrap')], room: same('Mantrap') }, quiet,
      'Mantrap dibuka paksa, DC', 'Mantrap forced open, DC'],
    [{ title: { id: 'KEBAKARAN di {where}', en: 'FIRE in {where}' }, things: [], room: hall }, quiet, 'KEBAKARAN di Ruang data 1, DC', 'FIRE in Data hall 1, DC'],
    [{ title: { id: 'Suhu {where} naik', en: 'Temperature of {where} rises' }, things: [hall], room: hall }, quiet, 'Suhu Ruang data 1, DC naik', 'Temperature of Data hall 1, DC rises'],
    [{ title: { id: 'Jalur internet putus: {things}, {site}', en: 'Internet link down: {things}, {site}' }, things: ['1', '2'].map((each) => ({ id: `Penyedia ${each}`, en: `Provider ${each}` })), consequences: [{ effect: 'internet-lost', count: 1, of: 1 }] }, quiet,
      'Jalur internet putus: Penyedia 1 dan 2, DC; situs tanpa internet', 'Internet link down: Provider 1 and 2, DC; the site has no internet'],
    [{ title: { id: 'Baterai {things} hampir habis, {where}', en: 'Battery of {things} nearly empty, {where}' }, things: [same('UPS A1'), same('UPS A2')], left: 180 }, quiet,
      'Baterai UPS A1 dan A2 hampir habis, DC; sisa 3 mnt', 'Battery of UPS A1 and A2 nearly empty, DC; 3 min left'],
    [{ title: null }, quiet, 'Sumber listrik PLN hilang: PLN A, DC', 'PLN source lost: PLN A, DC'],
  ])('of %o is a sentence', (change, base, id, en) => {
    expect(incidentTitle({ ...base, ...change })).toEqual({ id, en });
  }); // prettier-ignore
});
