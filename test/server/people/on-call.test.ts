import { describe, expect, it } from 'vitest';
import { onCallAt, type Override, type TimeOff } from '../../../server/people/on-call.ts';
import { escalationFor } from '../../../server/people/roster.ts';
import { crewAt, shiftsBetween } from '../../../server/people/shift.ts';
import { day, hour, monday, peopleOf, small } from './people.ts';

const people = peopleOf(small);
const [utama, cadangan] = people.onCall;
if (utama === undefined || cadangan === undefined || people.shifts === undefined)
  throw new Error('no layers');
const { shifts } = people;

const off = (person: string, from: number, to: number): TimeOff => ({ id: `t-${person}-${from}`, person, from, to, reason: 'cuti' }); // prettier-ignore
const instead = (person: string, from: number, to: number): Override => ({ id: `o-${person}`, layer: 'utama', person, from, to, reason: 'tukar' }); // prettier-ignore
const none = { overrides: [], timeOff: [] };

describe('who is on call', () => {
  it('is the next member when the one whose turn it is is off, until that ends', () => {
    const timeOff = [off('budi', monday, monday + day)];
    expect(onCallAt(utama, none, monday)).toMatchObject({ person: 'budi', because: 'rotation' });
    expect(onCallAt(utama, { ...none, timeOff }, monday)).toEqual({
      layer: 'utama', person: 'andi', because: 'stand-in', until: monday + day,
    }); // prettier-ignore
    expect(onCallAt(utama, { ...none, timeOff }, monday + day)).toMatchObject({ person: 'budi' });
  });

  it('is the rotation again when the one who took over is off', () => {
    const overrides = [instead('citra', monday, monday + day)];
    const timeOff = [off('citra', monday + hour, monday + 2 * hour)];
    const at = (hours: number) => onCallAt(utama, { overrides, timeOff }, monday + hours * hour);
    expect([at(0), at(1), at(2)].map(({ person, because }) => [person, because])).toEqual([
      ['citra', 'override'], ['budi', 'rotation'], ['citra', 'override'],
    ]); // prettier-ignore
    expect(at(0).until).toBe(monday + hour);
  });

  it('holds an override over the change of turns', () => {
    const overrides = [instead('citra', monday, monday + 9 * day)];
    expect(onCallAt(utama, { ...none, overrides }, monday).until).toBe(monday + 9 * day);
  });

  it('is nobody when all are off; the next layer is told, and all are told when nobody is left', () => {
    const both = [off('andi', monday, monday + day), off('budi', monday, monday + day)];
    expect(onCallAt(utama, { ...none, timeOff: both }, monday)).toMatchObject({
      person: null, because: 'nobody', until: monday + day,
    }); // prettier-ignore
    const plan = (timeOff: readonly TimeOff[]) =>
      escalationFor(people, { ...none, timeOff }, { site: 'dc', priority: 'P1', at: monday, usable: new Set(['email']) })
        .steps.map(({ recipients }) => recipients.map(({ person }) => person)); // prettier-ignore
    expect(plan(both)).toEqual([['dewi'], ['dewi']]);
    const everybody = people.persons.map(({ person }) => off(person, monday, monday + day));
    expect(plan(everybody)).toEqual([['budi'], ['dewi']]);
  });
});

describe('shifts', () => {
  it('follow one another without a gap over midnight and the end of the cycle', () => {
    const list = shiftsBetween(shifts, monday, monday + 10 * day);
    expect(list.length).toBe(21);
    expect(list.slice(1).map(({ from }) => from)).toEqual(list.slice(0, -1).map(({ to }) => to));
    expect(list.slice(0, 4).map(({ shift, team }) => `${shift} ${team}`)).toEqual([
      'siang regu-2', 'malam regu-1', 'siang regu-1', 'malam regu-2',
    ]); // prettier-ignore
  });

  it('cover also the time before the pattern began', () => {
    expect(crewAt(shifts, [], Date.UTC(2020, 0, 1))?.present).toHaveLength(2);
  });

  it('name who is present and who is off', () => {
    const crew = crewAt(shifts, [off('dewi', monday, monday + hour)], monday);
    expect(crew).toMatchObject({ shift: 'siang', present: ['budi'], off: ['dewi'] });
  });
});
