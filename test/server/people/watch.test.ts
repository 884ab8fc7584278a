import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../core/reading.ts';
import { bindRules } from '../../../config/alarms/bind.ts';
import type { Override, TimeOff } from '../../../server/people/on-call.ts';
import { createRosterService } from '../../../server/people/service.ts';
import { watchRoster } from '../../../server/people/watch.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { shippedModel } from '../support/server.ts';
import { hour, monday, peopleOf, small } from './people.ts';

const shipped = shippedModel();

/** A watch whose channel can be made to fail. */
function start() {
  const clock = createFakeClock(monday);
  const model = { ...shipped, field: 'real' as const };
  const timeOff: TimeOff[] = [];
  const faults = new Set<'email'>();
  const roster = createRosterService({
    people: peopleOf(small),
    sites: model.sites.map(({ id }) => id),
    overrides: { current: () => [], add: (entry) => Promise.resolve<Override>({ ...entry, id: '1' }), end: () => Promise.resolve(false) },
    absences: {
      current: () => timeOff,
      add(entry) {
        const added = { ...entry, id: String(timeOff.length) };
        timeOff.push(added);
        return Promise.resolve(added);
      },
      end: () => Promise.resolve(false),
    },
    ways: { usable: new Set(['email']), failing: () => faults, expired: () => false, assumed: false },
    clock,
  }); // prettier-ignore
  const hoursLeft = new Map<string, number>();
  const accept = (readings: readonly Reading[]): void => {
    for (const { point, value } of readings) hoursLeft.set(model.points[point]?.id ?? '', value / 3_600);
  };
  const watch = watchRoster({
    model, roster, accept, clock, log: pino({ level: 'silent' }), waysNow: () => [...faults].join(' '),
  }); // prettier-ignore
  return { clock, model, roster, faults, hoursLeft, watch };
}
const atDc = 'dc/site/time-to-roster-hole';

describe('the watch over the roster', () => {
  it('counts down to a hole that somebody entered, from the moment it is entered', async () => {
    const { clock, roster, hoursLeft, watch } = start();
    await clock.advance(60_000);
    expect(hoursLeft.get(atDc)).toBeCloseTo(30 * 24, 0);
    for (const person of ['andi', 'budi', 'citra', 'dewi'])
      await roster.addTimeOff(
        { person, from: monday + 26 * hour, to: monday + 50 * hour, reason: 'cuti' },
        { actor: 'eko', acceptHole: true },
      );
    expect(hoursLeft.get(atDc)).toBeCloseTo(26, 0);
    await clock.advance(3 * hour);
    expect(hoursLeft.get(atDc)).toBeCloseTo(23, 0);
    await watch.close();
  });

  it('is at zero half a minute after the only channel fails, and whole again after it works', async () => {
    const { clock, faults, hoursLeft, watch } = start();
    faults.add('email');
    await clock.advance(31_000);
    expect([...hoursLeft.values()]).toEqual([0, 0, 0]);
    faults.clear();
    await clock.advance(31_000);
    expect(hoursLeft.get(atDc)).toBeGreaterThan(700);
    await watch.close();
  });

  it('is judged at every site by a rule that asks for a day', () => {
    const { model } = start();
    const bound = bindRules(model).alarms.filter(({ rule }) => rule.rule === 'roster-hole');
    expect(bound.map(({ point, test }) => [point.id, test])).toEqual(
      model.sites.map(({ id }) => [
        `${id}/site/time-to-roster-hole`,
        { kind: 'below', limit: 86_400, deadband: 3_600 },
      ]),
    );
  });
});
