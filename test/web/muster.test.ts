import { describe, expect, it } from 'vitest';
import type { PresentPerson } from '../../server/contracts/presence.ts';
import {
  bySite,
  forgetMuster,
  headCount,
  keepFound,
  keepMuster,
  missingCount,
  personKey,
  readFound,
  readMuster,
  roomsOf,
  type KeptMuster,
  type TextStorage,
} from '../../web/presence/muster.ts';

const person = (name: string, more: Partial<PresentPerson> = {}): PresentPerson => ({
  name, kind: 'third-party', unit: 'Biro TIK', ticket: 't1', escort: 'Rudi', evidence: 'detected', sign: 'reader',
  since: '2026-11-29T01:00:00Z', seenAt: '2026-11-29T01:00:00Z', until: '2026-11-29T03:00:00Z', others: 0, ...more,
}); // prettier-ignore
const kept: KeptMuster = {
  view: {
    at: '2026-11-29T02:00:00Z', detected: 4, assumed: 0, expired: 0,
    rooms: [
      { site: 'dc', room: 'hall-1', name: { id: 'Hall 1', en: 'Hall 1' }, persons: [person('Sari', { others: 2 }), person('Ana')] },
      { site: 'dc', room: null, name: null, persons: [person('Budi')] },
      { site: 'drc', room: 'hall-1', name: { id: 'Hall 1', en: 'Hall 1' }, persons: [person('Ana')] },
    ],
  },
  sites: { dc: 'DC', drc: 'DRC' },
}; // prettier-ignore

function storage(): TextStorage {
  const held = new Map<string, string>();
  return {
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
  };
}

describe('muster list', () => {
  it('is of one site or of all, rooms by site in their order', () => {
    expect(roomsOf(kept.view, 'dc').map(({ room }) => room)).toEqual(['hall-1', null]);
    expect(bySite(roomsOf(kept.view, null)).map(([site, rooms]) => [site, rooms.length])).toEqual([
      ['dc', 2],
      ['drc', 1],
    ]);
    expect(roomsOf(kept.view, 'elsewhere')).toEqual([]);
  });

  it('counts those who came in with the same card, and who is not found yet', () => {
    const rooms = roomsOf(kept.view, 'dc');
    expect(headCount(rooms.flatMap(({ persons }) => persons))).toBe(5);
    expect(missingCount(rooms, new Set())).toBe(5);
    expect(missingCount(rooms, new Set([personKey('dc', person('Sari'))]))).toBe(2);
    expect(missingCount(rooms, new Set([personKey('drc', person('Ana'))]))).toBe(5);
  });

  it('is found again after the page was closed, with what was ticked, until the user signs out', () => {
    const browser = storage();
    expect(readMuster(browser)).toBeUndefined();
    keepMuster(browser, kept);
    keepFound(browser, new Set(['dc|staff||Ana']));
    expect(readMuster(browser)).toEqual(kept);
    expect([...readFound(browser)]).toEqual(['dc|staff||Ana']);
    forgetMuster(browser);
    expect(readMuster(browser)).toBeUndefined();
    expect(readFound(browser).size).toBe(0);
  });

  it('is taken for absent when what is stored is damaged, and is shown from memory when nothing can be stored', () => {
    const browser = storage();
    browser.setItem('pantau.kumpul.daftar', '{"view":{"rooms":');
    browser.setItem('pantau.kumpul.ditemukan', '{"a":1}');
    expect(readMuster(browser)).toBeUndefined();
    expect(readFound(browser).size).toBe(0);
    const full = {
      ...browser,
      setItem: () => {
        throw new Error('QuotaExceededError');
      },
    };
    expect(() => {
      keepMuster(full, kept);
    }).not.toThrow();
  });
});
