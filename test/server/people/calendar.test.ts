import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { calendarText } from '../../../server/people/calendar.ts';
import { day, hour, monday, peopleOf, small } from './people.ts';

const people = peopleOf(small);
const off = { id: 't1', person: 'budi', from: monday + 8 * day, to: monday + 15 * day, reason: 'sakit' };

/** As a calendar program reads it. */
function entries(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    const from = event.startDate.toJSDate().getTime();
    return { uid: event.uid, summary: event.summary, from, to: event.endDate.toJSDate().getTime() };
  });
}
const ask = (person: string | undefined, now = monday) =>
  entries(
    calendarText({
      people,
      changes: { overrides: [], timeOff: [off] },
      person: people.persons.find((each) => each.person === person),
      now,
      domain: 'pantau.example',
    }),
  );

describe('the calendar', () => {
  it('holds the turns, shifts and time off of one person, 60 days ahead, and no reasons', () => {
    const mine = ask('budi');
    const turns = mine.filter(({ summary }) => summary === 'utama');
    // Budi's week from Monday 08:00 WIB; the one two weeks on is Andi's, since Budi is off when it begins.
    expect(turns[0]).toMatchObject({ from: monday - 2 * hour, to: monday - 2 * hour + 7 * day });
    expect(turns.map(({ from }) => Math.round((from - monday) / day))).not.toContain(14);
    expect(mine.filter(({ summary }) => summary.startsWith('Dinas')).length).toBeGreaterThan(60);
    expect(mine.filter(({ summary }) => summary === 'Cuti')).toMatchObject([{ from: off.from, to: off.to }]);
    expect(Math.max(...mine.map(({ from }) => from))).toBeGreaterThan(monday + 58 * day);
    expect(JSON.stringify(mine)).not.toContain('sakit');
  });

  it('names everybody in the calendar of the whole roster, without a gap', () => {
    const all = ask(undefined);
    const turns = all.filter(({ summary }) => summary.startsWith('utama: '));
    expect(turns.slice(1).map(({ from }) => from)).toEqual(turns.slice(0, -1).map(({ to }) => to));
    expect(new Set(turns.map(({ summary }) => summary))).toEqual(new Set(['utama: Andi', 'utama: Budi']));
  });

  it('keeps the ids of entries from day to day, each of them once', () => {
    const [today, tomorrow] = [ask(undefined), ask(undefined, monday + day + 5)];
    expect(new Set(today.map(({ uid }) => uid)).size).toBe(today.length);
    const later = new Set(tomorrow.map(({ uid }) => uid));
    const kept = today.filter(({ to }) => to > monday + day + 5 - 7 * day);
    expect(kept.filter(({ uid }) => !later.has(uid))).toEqual([]);
  });

  it('speaks the language of the person', () => {
    expect(ask('dewi').map(({ summary }) => summary)).toContain('Shift Day (Regu 2)');
  });
});
