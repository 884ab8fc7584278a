import { DateTime } from 'luxon';
import type { Model } from '../../config/model.ts';

type People = NonNullable<Model['people']>;

const zone = 'Asia/Jakarta';

/** The cards of those who are on shift at a time; without shifts, of everybody. Sorted, so that a seed gives the same traffic. */
export function cardsOnShift(people: People | undefined, at: number): readonly string[] {
  const members = membersOnShift(people, at);
  return (people?.persons ?? [])
    .filter(({ person }) => members === undefined || members.includes(person))
    .flatMap(({ cards }) => cards ?? [])
    .toSorted();
}

/** Undefined: there are no shifts. */
function membersOnShift(people: People | undefined, at: number): readonly string[] | undefined {
  const shifts = people?.shifts;
  if (shifts === undefined) return undefined;
  const now = DateTime.fromMillis(at, { zone });
  const minute = now.hour * 60 + now.minute;
  const start = DateTime.fromISO(shifts.start, { zone });
  const current = shifts.times.find(({ from, to }) => isWithin(minute, minutesOf(from), minutesOf(to)));
  if (current === undefined) return [];
  // After midnight a night shift is still that of the day on which it began.
  const isOvernight = minutesOf(current.to) <= minutesOf(current.from) && minute < minutesOf(current.to);
  const day = Math.floor(now.startOf('day').diff(start, 'days').days) - (isOvernight ? 1 : 0);
  const { cycle } = shifts;
  return shifts.teams
    .filter(
      ({ offset }) =>
        cycle[(((day + offset) % cycle.length) + cycle.length) % cycle.length] === current.shift,
    )
    .flatMap(({ members: team }) => team);
}

function isWithin(minute: number, from: number, to: number): boolean {
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}
