import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IncidentAccessView } from '../../server/contracts/incident-access.ts';
import type { PresentPerson, PresenceView } from '../../server/contracts/presence.ts';
import { ApiError } from '../../web/api/client.ts';
import { cardsOf } from '../../web/access/Cards.tsx';
import { Refused } from '../../web/access/Refused.tsx';
import { IncidentAccess } from '../../web/incidents/Access.tsx';
import { MusterPage } from '../../web/presence/MusterPage.tsx';
import { PresencePage } from '../../web/presence/PresencePage.tsx';
import { SiteMuster, sitesToMuster, WallMuster } from '../../web/wall/Muster.tsx';
import { exampleSite, incident } from '../web/support.ts';
import { render, renderedAt, textOf } from './support.tsx';

const ago = (minutes: number): string => new Date(renderedAt - minutes * 60_000).toISOString();
const person = (name: string, more: Partial<PresentPerson> = {}): PresentPerson => ({
  name, kind: 'third-party', unit: 'Biro TIK', ticket: 't1', escort: 'Rudi Pendamping', evidence: 'detected', sign: 'reader',
  since: ago(10), seenAt: ago(10), until: ago(-60), others: 0, ...more,
}); // prettier-ignore
const hall = { id: 'Hall 1', en: 'Hall 1' };
const view: PresenceView = {
  at: ago(0), detected: 1, assumed: 2, expired: 1,
  rooms: [
    { site: 'dc', room: 'hall-1', name: hall, persons: [person('Sari Kontraktor'), person('Ana', { kind: 'pic', evidence: 'assumed', sign: 'check-in', others: 1 })] },
    { site: 'drc', room: null, name: null, persons: [person('Budi', { kind: 'staff', ticket: null, escort: null, unit: null, evidence: 'expired' })] },
  ],
}; // prettier-ignore

describe('the presence page', () => {
  const answers = [
    [['presence', 'inside'], view],
    [['presence', 'findings'], []],
    [['sites'], [exampleSite()]],
  ] as const;
  it('says of everybody what is known and how long ago that was, in both languages', () => {
    const text = textOf(render(<PresencePage />, { answers }));
    expect(text).toMatch(/Sari Kontraktor pihak ketiga · Biro TIK · pendamping: Rudi Pendamping · tiket Terdeteksi pembaca pintu, \d+ \w+ lalu/); // prettier-ignore
    expect(text).toMatch(/Ana \+1 orang dengan kartu yang sama PIC .* Diperkirakan check-in di meja/);
    expect(text).toMatch(/Ruang tidak diketahui 1 Budi petugas Kedaluwarsa .* sudah lewat/);
    const english = textOf(render(<PresencePage />, { answers, language: 'en' }));
    expect(english).toMatch(/Sari Kontraktor third party .* Detected door reader/);
  });
  it('counts only the site that is chosen', () => {
    const text = textOf(render(<PresencePage />, { answers, path: '/kehadiran?situs=dc' }));
    expect(text).toMatch(/Terdeteksi 1 .* Diperkirakan 2 .* Kedaluwarsa 0/);
    expect(text).not.toContain('Budi');
  });
});

describe('the muster list', () => {
  // Other files share this process.
  beforeEach(() => vi.stubGlobal('localStorage', { getItem: () => null }));
  afterEach(() => vi.unstubAllGlobals());
  it('says on screen and on paper that the field is simulated', () => {
    const shown = (field: 'simulated' | 'real'): string =>
      textOf(render(<MusterPage />, { answers: [[['health'], { field }]], path: '/kehadiran/kumpul' }));
    expect(shown('simulated')).toContain('SIMULASI');
    expect(shown('real')).not.toContain('SIMULASI');
  });
});

describe('the muster on the wall', () => {
  const site = exampleSite();
  const fire = incident('a', { discipline: 'fire', lifeSafety: true, priority: 'P1' });
  it('is called by smoke, fire and gas, and not by a fault of the detection, by water, by another site or by what is over', () => {
    const called = (change: Parameters<typeof incident>[1]): number =>
      sitesToMuster({ incidents: [{ ...fire, ...change }], sites: [site] }).length;
    expect(called({})).toBe(1);
    expect(called({ lifeSafety: false })).toBe(0);
    expect(called({ discipline: 'water' })).toBe(0);
    expect(called({ site: 'drc' })).toBe(0);
    expect(called({ state: 'returned' })).toBe(0);
    expect(render(<WallMuster incidents={[]} sites={[site]} />)).toBe('');
  });
  it('shows count and names by room, marks who is assumed, and leads to the list', () => {
    const list = { view, sites: { dc: 'DC' } };
    const html = render(<SiteMuster site={site} muster={{ list, isOld: false, ageMs: 0, error: null }} />);
    expect(html).toContain('href="/kehadiran/kumpul?situs=dc"');
    expect(textOf(html)).toMatch(/Daftar kumpul DC 3 orang di dalam Hall 1 \(3\) Sari Kontraktor , Ana \?/);
    expect(textOf(html)).not.toContain('DAFTAR LAMA');
  });
  it('says that its list is old, or that there is none', () => {
    const list = { view, sites: { dc: 'DC' } };
    const old = render(<SiteMuster site={site} muster={{ list, isOld: true, ageMs: 90_000, error: null }} />);
    expect(textOf(old)).toContain('DAFTAR LAMA · 1 mnt');
    const none = render(
      <SiteMuster site={site} muster={{ list: undefined, isOld: true, ageMs: 0, error: null }} />,
    );
    expect(textOf(none)).toContain('daftar belum diterima');
    expect(textOf(none)).not.toContain('0 orang');
  });
});

describe('the access of an incident', () => {
  const access: IncidentAccessView = {
    firstOutAt: ago(5),
    tickets: [{ id: 't1', unit: 'Biro TIK', pic: 'Ana', escort: 'Rudi Pendamping', activity: 'Perawatan PAC', rooms: ['hall-1'], from: ago(60), to: ago(-60), state: 'checked-in' }],
    inside: [{ ...person('Sari Kontraktor'), room: 'hall-1', isInRoom: true }],
    before: [],
    doorEvents: [{ id: 'e1', at: ago(10), door: 'dc/door-hall-1/door-1', doorName: { id: 'Pintu Ruang data 1, pintu 1', en: 'Doors of data hall 1, door 1' }, kind: 'access-granted', direction: 'in', name: 'Sari Kontraktor' }],
  }; // prettier-ignore
  it('names the persons inside, their ticket and escort, and the doors they came by', () => {
    const answers = [[['incident', 'a', 'access'], access]] as const;
    const text = textOf(render(<IncidentAccess incident={incident('a')} />, { answers }));
    expect(text).toMatch(/Perawatan PAC .* Petugas teknis pendamping: Rudi Pendamping/);
    expect(text).toMatch(/hall-1 · di ruang ini Sari Kontraktor .* 5 mnt lalu/);
    expect(text).toMatch(/akses diberikan masuk Sari Kontraktor Pintu Ruang data 1, pintu 1/);
  });
});

describe('actions on a ticket', () => {
  it('send a card for each person who gets one', () => {
    const persons = [
      { name: 'Sari', identity: '1', party: 'third-party' },
      { name: 'Yusuf', identity: '2', party: 'third-party' },
    ] as const;
    expect(cardsOf({ persons: [...persons] }, { '0': ' 7001 ', '1': ' ', pic: '7002' })).toEqual([
      { person: 0, card: '7001' },
      { person: 'pic', card: '7002' },
    ]);
  });
  it('say in the language of the page why they were refused, and which racks it is about', () => {
    const error = new ApiError(409, { type: 'about:blank', title: 'Conflict', status: 409, code: 'supply-at-risk', detail: 'takesOut: without dc/ups-a1 3 racks would be dark' }); // prettier-ignore
    expect(textOf(render(<Refused error={error} />))).toMatch(/^Ditolak: .* memadamkan rak\. .* dc\/ups-a1 3 racks would be dark/); // prettier-ignore
    expect(textOf(render(<Refused error={error} />, { language: 'en' }))).toMatch(/^Refused: the work would/);
  });
});
