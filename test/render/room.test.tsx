import { describe, expect, it } from 'vitest';
import { Route, Routes } from 'react-router';
import { openIncidentsKey } from '../../web/api/queries.ts';
import { RoomPage } from '../../web/place/RoomPage.tsx';
import type { Role } from '../../server/contracts/common.ts';
import { exampleSite, incident, rack } from '../web/support.ts';
import { render, textOf } from './support.tsx';

const site = {
  ...exampleSite(),
  rooms: [
    { id: 'hall-1', kind: 'data-hall' as const, name: { id: 'Ruang data 1', en: 'Data hall 1' } },
    { id: 'store', kind: 'corridor' as const, name: { id: 'גנזך', en: 'Store' } },
  ],
  racks: [rack('A', 1), rack('A', 2)],
};
const at = '2026-11-22T07:00:00Z';
const presence = {
  at,
  rooms: [{ site: 'dc', room: 'hall-1', name: site.rooms[0]?.name ?? null, persons: [{ name: 'علي', kind: 'staff', unit: null, ticket: null, escort: null, evidence: 'detected', sign: 'reader', since: at, seenAt: at, until: at, others: 0 }] }],
  detected: 1, assumed: 0, expired: 0,
}; // prettier-ignore
const values = new Map([
  ['dc/env-rack-a1/temperature', 22],
  ['dc/env-rack-a2/temperature', 28.5],
  ['dc/rack-a1/power', 3],
  ['dc/rack-a2/power', 5.5],
]);

function roomOf(path: string, role: Role = 'viewer'): string {
  const page = (
    <Routes>
      <Route path="/ruang/:site/:room" element={<RoomPage />} />
    </Routes>
  );
  const answers = [
    [['sites'], [site]],
    [openIncidentsKey, [incident('a', { room: 'hall-1', title: { id: 'Suhu tinggi di A-2', en: 'Hot' } })]],
    [['presence', 'inside'], presence],
  ] as const;
  return render(page, { path, role, answers, values });
}

describe('the page of a room', () => {
  it('shows the worst place with limits and clause, the incident, who is inside and each rack', () => {
    const text = textOf(roomOf('/ruang/dc/hall-1'));
    expect(text).toMatch(/Tertinggi 28,5 °C A-2 Terendah 22(,0)? °C A-1 1 di luar batas/);
    expect(text).toMatch(/Batas 18(,0)?–27(,0)? °C · BAB IV\.1\.4/);
    expect(text).toContain('Suhu tinggi di A-2');
    expect(text).toMatch(/Orang di dalam 1 علي/);
    expect(text).toMatch(/A-2 server 28,5 °C/i);
    expect(text).toContain('TANPA DATA');
    expect(text).not.toContain('NORMAL');
  });
  it('lists every rack when the address asks for them', () => {
    const html = roomOf('/ruang/dc/hall-1?rak=semua&lapis=load');
    const table = html.slice(html.indexOf('data-testid="room-racks"'));
    expect(table).toContain('A-1');
    expect(table).toContain('A-2');
  });
  it('keeps names of people from the wall', () => {
    expect(roomOf('/ruang/dc/hall-1', 'wall')).not.toContain('علي');
  });
  it('says that nothing is measured instead of NORMAL, and isolates its name', () => {
    const html = roomOf('/ruang/dc/store');
    expect(html).toContain('<bdi>גנזך</bdi>');
    expect(textOf(html)).toContain('tidak ada yang diukur di ruang ini');
    expect(textOf(html)).not.toContain('NORMAL');
  });
  it('has a heading when the configuration has no such room', () => {
    expect(roomOf('/ruang/dc/atap')).toMatch(/<h1[^>]*>Ruang ini tidak ada/);
  });
});
