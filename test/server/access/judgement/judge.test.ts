import { describe, expect, it } from 'vitest';
import { createJudge, type Judge } from '../../../../server/access/judgement/judge.ts';
import type { Finding } from '../../../../server/access/judgement/kinds.ts';
import { shippedModel } from '../../support/server.ts';
import { evening, guard, morning, offDuty, revokedCard, violatingDay, type Day } from './day.ts';

const model = shippedModel();
const minute = 60_000;

function judgeOf(day: Day): Judge {
  const judge = createJudge({
    doors: model.doors ?? [],
    transitRooms: new Set(
      model.rooms.filter(({ kind }) => kind === 'mantrap' || kind === 'corridor').map(({ key }) => key),
    ),
    escortedSites: new Set(['dc', 'smart-dc']),
    dutyUntil: (person) => (person === guard.person ? evening : undefined),
  });
  judge.credentials.setStaff([guard, offDuty]);
  judge.credentials.setAssignments(day.assignments);
  judge.credentials.setRevocations([{ card: revokedCard, from: morning, to: null }]);
  for (const ticket of day.tickets) judge.tickets.set(ticket);
  return judge;
}

/** The whole day: events as they come, and the time once a second while something is going on, once a minute otherwise. */
function replay(day: Day, judge: Judge, { delayMs = 0 } = {}): Finding[] {
  const found = new Map<string, Finding>();
  const take = (findings: readonly Finding[]): void => {
    for (const finding of findings) if (!found.has(finding.id)) found.set(finding.id, finding);
  };
  let next = 0;
  for (let now = morning; now <= evening; now += 10_000) {
    for (; (day.events[next]?.at ?? Infinity) + delayMs <= now; next += 1) {
      const event = day.events[next];
      if (event === undefined) break;
      const { findings, entered } = judge.event(event);
      take(findings);
      const ticket = entered === undefined ? undefined : judge.tickets.get(entered.ticket);
      if (ticket !== undefined) judge.tickets.set({ ...ticket, enteredAt: entered?.at ?? null });
    }
    take(judge.time(now).findings);
  }
  return [...found.values()];
}

const told = (findings: readonly Finding[]): string[] =>
  findings.map(({ kind, ticket }) => `${kind} ${ticket ?? '-'}`).toSorted();

describe('a day of three sites', () => {
  const day = violatingDay();

  it('has 40 tickets and 300 events', () => {
    expect([day.tickets.length, day.events.length]).toEqual([40, 300]);
  });

  it('has exactly the violations that are in it', () => {
    expect(told(replay(day, judgeOf(day)))).toEqual(day.wrong.toSorted());
  });

  it('has the same ones when every event comes twice', () => {
    const doubled = { ...day, events: day.events.flatMap((event) => [event, event]) };
    expect(told(replay(doubled, judgeOf(day)))).toEqual(day.wrong.toSorted());
  });

  it('has the same ones when the openings come before their grants', () => {
    const disordered = day.events.toSorted(
      (a, b) => arrivalOf(a.at, a.kind === 'door-opened') - arrivalOf(b.at, b.kind === 'door-opened'),
    );
    expect(told(replay({ ...day, events: disordered }, judgeOf(day)))).toEqual(day.wrong.toSorted());
  });

  it('leaves nobody inside whom a door has seen leaving', () => {
    const judge = judgeOf(day);
    replay(day, judge);
    const left = judge.inside().filter(({ holder }) => holder.startsWith('ticket:'));
    expect(left).toEqual([]);
  });
});

/** Openings overtake what happened within five seconds. */
function arrivalOf(at: number, isOpening: boolean): number {
  return isOpening ? at - 5_000 : at;
}

describe('a late event', () => {
  it('is judged at its own time: a ticket that was fulfilled since still covers it', () => {
    const day = violatingDay();
    const judge = judgeOf(day);
    const ticket = day.tickets[20];
    const event = day.events.find(({ card }) => card === `${ticket?.id}-0`);
    if (ticket === undefined || event === undefined) throw new Error('the day has no such visit');
    judge.tickets.set({ ...ticket, state: 'closed', fulfilledAt: event.at + 5 * minute });
    expect(judge.event(event).findings).toEqual([]);
    const afterwards = { ...event, id: `${event.id}-again`, at: event.at + 10 * minute };
    expect(judge.event(afterwards).findings).toMatchObject([{ kind: 'outside-window', ticket: ticket.id }]);
  });

  it('does not bring back somebody who has left since', () => {
    const day = violatingDay();
    const judge = judgeOf(day);
    const [into, out] = day.events.filter(({ card }) => card === 't-20-0');
    if (into === undefined || out === undefined) throw new Error('the day has no such visit');
    judge.event(into);
    judge.event(out);
    judge.event({ ...into, id: 'late', at: into.at + 1_000 });
    expect(judge.find('ticket:t-20#0')).toBeUndefined();
  });
});

describe('a door of the mantrap', () => {
  it('that is opened without any grant is a passage of somebody unknown; with the exit button it is not', () => {
    const day = violatingDay();
    const judge = judgeOf(day);
    const opening = day.events.find(({ kind }) => kind === 'door-opened');
    if (opening === undefined) throw new Error('the day has no opening');
    const at = { ...opening, source: 'dc/door-mantrap', part: 'door-1' };
    judge.event({ ...at, id: 'button', kind: 'exit-button' });
    judge.event({ ...at, id: 'out', at: opening.at + 3_000 });
    judge.event({ ...at, id: 'in', at: opening.at + 60_000 });
    const found = [0, 1, 3, 5].flatMap(
      (seconds) => judge.time(opening.at + 60_000 + seconds * 1_000).findings,
    );
    expect(found).toMatchObject([{ kind: 'tailgating', room: 'mantrap', events: ['in'] }]);
  });
});
