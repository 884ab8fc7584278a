import { minutesOfDay } from '../../core/wib.ts';
import { oneOf, quote } from '../problem.ts';
import type { People, ShiftsEntry } from '../schema/people.ts';
import { known, twice } from './references.ts';
import type { Report } from './report.ts';

const dayMinutes = 24 * 60;

/** Every hour of every day has exactly one team, and a person is in one team only. */
export function checkShifts({ shifts, persons }: People, report: Report): void {
  if (shifts === undefined) return;
  const { times, cycle, teams } = shifts;
  const names = times.map(({ shift }) => shift);
  twice(names, (place) => ['shifts', 'times', place, 'shift'], report);
  twice(
    teams.map(({ team }) => team),
    (place) => ['shifts', 'teams', place, 'team'],
    report,
  );
  for (const [day, shift] of cycle.entries())
    known(
      shift,
      { valid: [...names, 'off'], what: 'a shift of times, or "off"', at: ['shifts', 'cycle', day] },
      report,
    );
  const persona = persons.map(({ person }) => person);
  const taken = new Map<string, string>();
  for (const [place, { team, members }] of teams.entries())
    for (const [index, name] of members.entries()) {
      const at = ['shifts', 'teams', place, 'members', index];
      known(name, { valid: persona, what: 'a person of this file', at }, report);
      const other = taken.get(name);
      if (other !== undefined)
        report(at, {
          found: `${quote(name)} is in ${quote(other)} already`,
          expected: 'every person in one team',
        });
      taken.set(name, team);
    }
  checkDay(shifts, report);
  checkCycle(shifts, report);
}

/** Each shift begins when the one before it ends, the first of the day when the last one of the day before does. */
function checkDay({ times }: ShiftsEntry, report: Report): void {
  const length = ({ from, to }: { from: string; to: string }): number =>
    ((minutesOfDay(to) - minutesOfDay(from) + dayMinutes - 1) % dayMinutes) + 1;
  const ordered = [...times.entries()].toSorted(
    ([, a], [, b]) => minutesOfDay(a.from) - minutesOfDay(b.from),
  );
  for (const [order, [place, each]] of ordered.entries()) {
    const next = ordered[(order + 1) % ordered.length]?.[1] ?? each;
    if (each.to !== next.from)
      report(['shifts', 'times', place, 'to'], {
        found: `${quote(each.shift)} ends at ${each.to}, and ${quote(next.shift)} begins at ${next.from}`,
        expected: 'shifts that follow one another without a gap or an overlap',
      });
  }
  const total = times.reduce((sum, each) => sum + length(each), 0);
  if (total !== dayMinutes)
    report(['shifts', 'times'], { found: `covers ${total / 60} hours a day`, expected: '24' });
}

/** On every day of the cycle every shift has one team: a gap of weeks from now is found today. */
function checkCycle({ times, cycle, teams }: ShiftsEntry, report: Report): void {
  for (let day = 0; day < cycle.length; day += 1)
    for (const { shift } of times) {
      const having = teams.filter(({ offset }) => cycle[(day + offset) % cycle.length] === shift);
      if (having.length === 1) continue;
      report(['shifts', 'teams'], {
        found: having.length === 0
          ? `nobody has ${quote(shift)} on day ${day + 1} of the cycle`
          : `${oneOf(having.map(({ team }) => team))} have ${quote(shift)} on day ${day + 1} of the cycle`,
        expected: 'one team for each shift of every day; check cycle and offset',
      });
      return;
    }
} // prettier-ignore
