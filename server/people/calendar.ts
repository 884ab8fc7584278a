import ical, { ICalEventTransparency } from 'ical-generator';
import { personNames } from '../../config/lookup.ts';
import type { Label } from '../../config/schema/common.ts';
import type { LayerEntry, People as PeopleFile, PersonEntry } from '../../config/schema/people.ts';
import { onCallAt, type OnCall, type RosterChanges } from './on-call.ts';
import { shiftsBetween } from './shift.ts';
import { dayMs } from '../../core/wib.ts';

type People = Pick<PeopleFile, 'persons' | 'onCall' | 'shifts'>;

export interface CalendarQuestion {
  readonly people: People;
  readonly changes: RosterChanges;
  /** Absent: everybody. */
  readonly person?: PersonEntry | undefined;
  readonly now: number;
  /** Whose installation it is, for the ids of entries: `pantau.example`. */
  readonly domain: string;
}

const aheadMs = 60 * dayMs;
/** What is just over stays for a while, so that hours worked can be looked up. */
const behindMs = 7 * dayMs;
/** An override lasts 92 days at most: its beginning is within this. */
const searchMs = 100 * dayMs;
const refreshSeconds = 3_600;

const texts = {
  id: { roster: 'Piket Pantau DC', of: (name: string) => `Piket ${name}`, shift: 'Dinas', off: 'Cuti', nobody: 'KOSONG', override: 'Penggantian piket', 'stand-in': 'Menggantikan yang cuti' },
  en: { roster: 'Pantau DC on call', of: (name: string) => `On call: ${name}`, shift: 'Shift', off: 'Off', nobody: 'NOBODY', override: 'Taking over', 'stand-in': 'Standing in' },
} as const; // prettier-ignore

/** On-call turns, shifts and time off as iCalendar (RFC 5545), a week back and 60 days ahead. Pure. */
export function calendarText(question: CalendarQuestion): string {
  const { people, changes, person, now, domain } = question;
  const language = person?.language ?? 'id';
  const words = texts[language];
  const span = { from: now - behindMs, to: now + aheadMs };
  const nameOf = personNames(people);
  const label = (of: Label): string => of[language];
  const calendar = ical({
    name: person === undefined ? words.roster : words.of(person.name),
    prodId: { company: 'Pantau DC', product: 'roster', language: language.toUpperCase() },
    ttl: refreshSeconds,
  });
  const add = (event: { id: string; from: number; to: number; summary: string; description?: string; free?: boolean }): void => {
    calendar.createEvent({
      id: `${event.id}@${domain}`,
      stamp: new Date(now),
      start: new Date(event.from),
      end: new Date(event.to),
      summary: event.summary,
      description: event.description ?? null,
      transparency: event.free === true ? ICalEventTransparency.TRANSPARENT : ICalEventTransparency.OPAQUE,
    });
  };

  for (const layer of people.onCall)
    for (const turn of turnsOf(layer, changes, now)) {
      if (turn.until <= span.from || turn.from >= span.to) continue;
      if (person !== undefined && turn.person !== person.person) continue;
      const who = turn.person === null ? words.nobody : nameOf(turn.person);
      add({
        id: `${layer.layer}-${turn.from}-${turn.person ?? 'nobody'}`,
        from: turn.from,
        to: turn.until,
        summary: person === undefined ? `${label(layer.name)}: ${who}` : label(layer.name),
        ...(turn.because === 'override' || turn.because === 'stand-in' ? { description: words[turn.because] } : {}),
      });
    }
  if (people.shifts !== undefined)
    for (const shift of shiftsBetween(people.shifts, span.from, span.to)) {
      if (person !== undefined && !shift.members.includes(person.person)) continue;
      add({
        id: `shift-${shift.shift}-${shift.from}`,
        from: shift.from,
        to: shift.to,
        summary: `${words.shift} ${label(shift.name)} (${shift.teamName})`,
        description: shift.members.map(nameOf).join(', '),
      });
    }
  for (const off of changes.timeOff) {
    if (off.to <= span.from || off.from >= span.to) continue;
    if (person !== undefined && off.person !== person.person) continue;
    // Why is nobody's business but the roster's.
    add({ id: `off-${off.id}`, from: off.from, to: off.to, summary: person === undefined ? `${words.off}: ${nameOf(off.person)}` : words.off, free: true });
  }
  return calendar.toString();
} // prettier-ignore

/** Turns of a layer one after the other, from long before now: an entry of a calendar must keep its beginning from day to day. */
function turnsOf(
  layer: LayerEntry,
  changes: RosterChanges,
  now: number,
): (OnCall & { readonly from: number })[] {
  const turns: (OnCall & { from: number })[] = [];
  for (let from = now - searchMs; from < now + aheadMs; from = turns.at(-1)?.until ?? Infinity)
    turns.push({ ...onCallAt(layer, changes, from), from });
  // The first one began before the search did.
  return turns.slice(1);
}
