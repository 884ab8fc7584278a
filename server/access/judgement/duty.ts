import type { PeopleModel } from '../../../config/build/people.ts';
import { isOff, whoAt, type RosterChanges } from '../../people/on-call.ts';
import { shiftsBetween } from '../../people/shift.ts';

/** Shifts overlap at the handover: the next one comes before, and the last one leaves after. */
const handoverMs = 45 * 60_000;

/** Whoever is on call comes for as long as a repair takes, not for the week. */
const onCallStayMs = 12 * 3_600_000;

/**
 * When the duty of a person at a site ends: on shift, or on call in a layer that answers for the site. Undefined: not on duty then, so that
 * an entry takes a ticket. Pure.
 */
export function dutyUntil(
  people: PeopleModel | undefined,
  changes: RosterChanges,
  { person, site, at }: { readonly person: string; readonly site: string; readonly at: number },
): number | undefined {
  if (people === undefined || isOff(changes.timeOff, person, at)) return undefined;
  const shifts =
    people.shifts === undefined ? [] : shiftsBetween(people.shifts, at - handoverMs, at + handoverMs);
  const ends = shifts.filter(({ members }) => members.includes(person)).map(({ to }) => to + handoverMs);
  for (const layer of people.onCall) {
    if (layer.sites !== undefined && !layer.sites.includes(site)) continue;
    if (whoAt(layer, changes, at).person === person) ends.push(at + onCallStayMs);
  }
  return ends.length === 0 ? undefined : Math.max(...ends);
}
