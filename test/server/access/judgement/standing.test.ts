import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AccessEvent } from '../../../../core/access-event.ts';
import { createJudge, type Judge } from '../../../../server/access/judgement/judge.ts';
import { ticketHolder } from '../../../../server/access/judgement/holders.ts';
import type { JudgedTicket } from '../../../../server/access/judgement/tickets.ts';
import { shippedModel } from '../../support/server.ts';

const minute = 60_000;
const begin = Date.UTC(2026, 10, 23, 3);
const doors = shippedModel().doors ?? [];

function newJudge(): Judge {
  return createJudge({
    doors,
    transitRooms: new Set(['dc/mantrap', 'dc/corridor']),
    escortedSites: new Set(['dc']),
    dutyUntil: () => undefined,
  });
}

/** Ana is the PIC and on the list of two tickets of three. */
function ticketOf(place: number, change: Partial<JudgedTicket>): JudgedTicket {
  return {
    id: `t-${place}`, site: 'dc', rooms: ['hall-1'], unit: 'Biro', pic: `Ana ${place}`, accompanied: place !== 1,
    persons: [{ name: place === 2 ? 'Cici' : `Ana ${place}`, party: 'employee' }, { name: `Budi ${place}`, party: 'third-party' }],
    escort: null, from: begin, to: begin + 60 * minute, state: 'approved', checkedInAt: null, fulfilledAt: null, enteredAt: null,
    ...change,
  }; // prettier-ignore
}

/** What happens at `now`, to any judge alike. */
type Step = (judge: Judge, now: number, number: number) => void;

const place = fc.nat(2);
const person = fc.constantFrom(0, 1, 'pic' as const);
const minutes = fc.integer({ min: -90, max: 90 });
const state = fc.constantFrom('submitted', 'approved', 'checked-in', 'fulfilled', 'reopened' as const);

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(place, state, minutes, fc.boolean()).map(
    ([at, to, end, isIn]): Step =>
      (judge, now) =>
        judge.tickets.set(
          ticketOf(at, { state: to, to: now + end * minute, checkedInAt: isIn ? now : null }),
        ),
  ),
  place.map(
    (at): Step =>
      (judge) =>
        judge.tickets.remove(`t-${at}`),
  ),
  fc
    .tuple(place, person, fc.boolean(), minutes)
    .map(([at, who, isOut, ago]): Step => (judge, now, number) => {
      const event: AccessEvent = {
      id: `e-${number}`, source: isOut ? 'dc/door-mantrap' : 'dc/door-hall-1', at: now - Math.max(0, ago) * minute, kind: 'access-granted',
      part: 'door-1', door: undefined, card: `${at}-${who}`, person: undefined, method: 'card', direction: isOut ? 'out' : 'in',
      reason: undefined, controller: undefined, number, clockOffsetMs: 0, missed: undefined,
    }; // prettier-ignore
      judge.event(event);
    }),
  fc.tuple(place, person, fc.boolean()).map(([at, who, isOut]): Step => (judge, now) =>
    judge.sign({
      holder: ticketHolder(`t-${at}`, who), site: 'dc', room: isOut ? null : '*', isFromOutside: false, at: now, sign: 'check-in',
      until: now + 30 * minute,
    })), // prettier-ignore
  fc.array(fc.tuple(place, person)).map((given): Step => (judge, now) =>
    judge.credentials.setAssignments(
      given.map(([at, who]) => ({ card: `${at}-${who}`, ticket: `t-${at}`, person: who, from: now - 90 * minute, to: null })),
    )), // prettier-ignore
);
/** Minutes until the next look: the wall clock may also be set back. */
const pause = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: -240, max: 3_500 }),
);

it('what stands is what judging everything again finds, after any history', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(steps, pause), { maxLength: 60 }), (history) => {
      const [judge, again] = [newJudge(), newJudge()];
      let now = begin;
      let before = new Set<string>();
      for (const [number, [step, wait]] of history.entries()) {
        step(judge, now, number);
        step(again, now, number);
        now += wait * minute;
        const { findings, standing } = judge.time(now);
        // A clock that goes back has everything judged again.
        again.time(now + 1);
        const all = again.time(now).standing;
        expect([...standing.keys()].toSorted()).toEqual([...all.keys()].toSorted());
        const begun = [...standing.keys()].filter((id) => !before.has(id));
        expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(begun));
        before = new Set(standing.keys());
      }
    }),
    { numRuns: 300 },
  );
});

it('each condition begins and ends at its time', () => {
  const judge = newJudge();
  judge.tickets.set(ticketOf(0, { state: 'checked-in', checkedInAt: begin, enteredAt: begin }));
  judge.tickets.set(ticketOf(1, {}));
  const assigned = { ticket: 't-0', from: begin, to: null };
  judge.credentials.setAssignments([
    { ...assigned, card: 'budi', person: 1 },
    { ...assigned, card: 'ana', person: 'pic' },
  ]);
  const walksIn: AccessEvent = {
    id: 'in', source: 'dc/door-hall-1', at: begin, kind: 'access-granted', part: 'door-1', door: undefined, card: 'budi', person: undefined,
    method: 'card', direction: 'in', reason: undefined, controller: undefined, number: 1, clockOffsetMs: 0, missed: undefined,
  }; // prettier-ignore
  judge.event(walksIn);
  const kinds = (at: number): string[] =>
    [...judge.time(at).standing.values()].map(({ kind }) => kind).toSorted();
  expect(kinds(begin + minute)).toEqual([]);
  expect(kinds(begin + 2 * minute)).toEqual(['unaccompanied']);
  expect(kinds(begin + 60 * minute)).toEqual(['no-entry', 'unaccompanied']);
  expect(kinds(begin + 70 * minute)).toEqual(['no-entry', 'over-stay', 'unaccompanied']);
  expect(kinds(begin + 6 * 60 * minute)).toEqual(['no-entry']);
  expect(kinds(begin + 26 * 60 * minute)).toEqual([]);
});
