import { describe, expect, it } from 'vitest';
import { arrange, readView, resolvedQuery, writeView } from '../../web/incidents/list-view.ts';
import { incident } from './support.ts';

const usual = readView(new URLSearchParams());
const early = '2026-11-22T01:00:00Z';

describe('the view of the list', () => {
  it('is in the address and nowhere else, beside what others keep there', () => {
    const view = { ...usual, site: 'dc', priorities: ['P1', 'P3'] as const, status: 'menunggu', order: 'tenggat', text: 'ups a1' } as const; // prettier-ignore
    const search = writeView(new URLSearchParams('titik=dc/x'), view);
    expect(search.toString()).toBe('titik=dc%2Fx&situs=dc&prioritas=P1%2CP3&status=menunggu&urut=tenggat&cari=ups+a1');
    expect(readView(search)).toEqual(view);
    expect(writeView(search, usual).toString()).toBe('titik=dc%2Fx');
  }); // prettier-ignore

  it('leaves out what an old or mistyped address asks for', () => {
    expect(readView(new URLSearchParams('daftar=x&prioritas=P9,P2&bidang=y&status=z&urut='))).toEqual({
      ...usual,
      priorities: ['P2'],
    });
  });

  it('asks the server the same of what is over', () => {
    expect(resolvedQuery(usual)).toBe('state=resolved');
    expect(resolvedQuery({ ...usual, site: 'dc', priorities: ['P1', 'P2'], text: ' api ' })).toBe('state=resolved&site=dc&priority=P1%2CP2&text=api'); // prettier-ignore
  });
});

describe('the open incidents', () => {
  const fire = incident('fire', { priority: 'P1', lifeSafety: true, dueAt: '2026-11-22T09:00:00Z' });
  const seen = incident('seen', { priority: 'P2', acknowledgedAt: early, unacknowledged: 0, dueAt: early });
  const over = incident('over', { state: 'returned', returnedAt: early, openedAt: '2026-11-22T05:00:00Z', title: { id: 'Suhu tinggi di B-1', en: 'Hot at B-1' } }); // prettier-ignore
  const ids = (view: Partial<typeof usual>): string[] =>
    arrange([over, seen, fire], { ...usual, ...view }).map(({ id }) => id);

  it.each([
    [{}, ['fire', 'seen', 'over']],
    [{ order: 'tenggat' }, ['seen', 'over', 'fire']],
    [{ order: 'terbaru' }, ['over', 'fire', 'seen']],
    [{ status: 'menunggu' }, ['fire', 'over']],
    [{ status: 'diakui' }, ['seen']],
    [{ status: 'pulih' }, ['over']],
    [{ priorities: ['P1'] }, ['fire']],
    [{ text: 'SUHU b-1' }, ['over']],
    [{ text: 'b-1 dingin' }, []],
    [{ site: 'drc' }, []],
  ] as const)('with %j are %j', (view, expected) => {
    expect(ids(view)).toEqual(expected);
  });
});
