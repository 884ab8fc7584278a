import type { Label } from '../../config/schema/common.ts';
import type { ShiftsEntry } from '../../config/schema/people.ts';
import { isOff, type TimeOff } from './on-call.ts';
import { dayMs, minutesOfDay, wibStart } from '../../core/wib.ts';

const minuteMs = 60_000;

/** One shift of one day: times in epoch ms, [from, to). */
export interface Shift {
  readonly shift: string;
  readonly name: Label;
  readonly team: string;
  readonly teamName: string;
  readonly members: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** Who is on shift: the team's members who are not off. */
export interface Crew extends Shift {
  readonly present: readonly string[];
  readonly off: readonly string[];
}

/** The shifts that begin on the n-th day of the pattern, 0 the first; n may be negative. A shift that nobody has is left out. */
function shiftsOfDay({ start, times, cycle, teams }: ShiftsEntry, day: number): Shift[] {
  const midnight = wibStart(start, '00:00') + day * dayMs;
  return times.flatMap(({ shift, name, from, to }): Shift[] => {
    const team = teams.find(({ offset }) => {
      const place = (day + offset) % cycle.length;
      return cycle[place < 0 ? place + cycle.length : place] === shift;
    });
    if (team === undefined) return [];
    const begins = midnight + minutesOfDay(from) * minuteMs;
    const lengthMs = (minutesOfDay(to) - minutesOfDay(from)) * minuteMs;
    return [{
      shift, name,
      team: team.team, teamName: team.name, members: team.members,
      from: begins,
      // One that ends at or before the hour at which it begins ends the day after.
      to: begins + (lengthMs > 0 ? lengthMs : lengthMs + dayMs),
    }];
  });
} // prettier-ignore

/** Shifts that touch [from, to), in the order in which they begin. Pure. */
export function shiftsBetween(shifts: ShiftsEntry, from: number, to: number): Shift[] {
  const midnight = wibStart(shifts.start, '00:00');
  const found: Shift[] = [];
  for (let day = Math.floor((from - midnight) / dayMs) - 1; midnight + day * dayMs < to; day += 1)
    found.push(...shiftsOfDay(shifts, day).filter((each) => each.from < to && each.to > from));
  return found.toSorted((a, b) => a.from - b.from);
}

/** Undefined: no shift covers that moment. Pure. */
export function crewAt(shifts: ShiftsEntry, timeOff: readonly TimeOff[], at: number): Crew | undefined {
  const shift = shiftsBetween(shifts, at, at + 1)[0];
  if (shift === undefined) return undefined;
  const off = shift.members.filter((person) => isOff(timeOff, person, at));
  return { ...shift, present: shift.members.filter((person) => !off.includes(person)), off };
}
