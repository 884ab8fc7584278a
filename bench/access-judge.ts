import { loadConfig } from '../config/load.ts';
import type { AccessEvent } from '../core/access-event.ts';
import { createJudge } from '../server/access/judgement/judge.ts';
import type { Assignment } from '../server/access/judgement/holders.ts';
import type { JudgedTicket } from '../server/access/judgement/tickets.ts';
import { createReport } from './figures.ts';
import { percentile } from './percentile.ts';

/**
 * One event of a door judged against 10,000 tickets with 200 persons inside, and the look at what only time makes wrong, once a second. Prints
 * each figure beside its aim and asserts none; `--json` prints JSON.
 */
const ticketCount = 10_000;
const insideCount = 200;
const eventCount = 20_000;
const now = Date.UTC(2026, 10, 23, 3);
const hourMs = 3_600_000;
const sites = ['dc', 'smart-dc', 'drc'] as const;
const siteAt = (place: number): (typeof sites)[number] => sites[place % sites.length] ?? 'dc';

const loaded = loadConfig(process.env['PANTAU_CONFIG'] ?? './config');
if (!loaded.ok) throw new Error('the configuration is broken: pantau check-config');
const judge = createJudge({
  doors: loaded.model.doors ?? [],
  transitRooms: new Set(),
  escortedSites: new Set(['dc', 'smart-dc']),
  dutyUntil: () => undefined,
});

const assignments: Assignment[] = [];
for (let place = 0; place < ticketCount; place += 1) {
  const ticket: JudgedTicket = {
    id: `t-${place}`, site: siteAt(place), rooms: ['hall-1'], unit: 'Biro', pic: `Ana ${place}`, accompanied: true,
    persons: [{ name: `Ana ${place}`, party: 'employee' }, { name: `Budi ${place}`, party: 'third-party' }],
    escort: null, from: now - hourMs, to: now + hourMs, state: 'checked-in', checkedInAt: now - hourMs, fulfilledAt: null,
    enteredAt: null,
  }; // prettier-ignore
  judge.tickets.set(ticket);
  for (const person of [0, 1])
    assignments.push({ card: `${place}-${person}`, ticket: ticket.id, person, from: ticket.from, to: null });
}
judge.credentials.setAssignments(assignments);

function eventOf(number: number, place: number, direction: 'in' | 'out'): AccessEvent {
  const source = `${siteAt(place)}/${direction === 'in' ? 'door-hall-1' : 'door-mantrap'}`;
  return {
    id: `${source}/${number}`, source, at: now + number, kind: 'access-granted', part: 'door-1', door: undefined,
    card: `${place}-0`, person: undefined, method: 'card', direction, reason: undefined, controller: undefined, number,
    clockOffsetMs: 0, missed: undefined,
  }; // prettier-ignore
}

let number = 0;
for (let place = 0; place < insideCount; place += 1) judge.event(eventOf((number += 1), place, 'in'));
const report = createReport();
report.note(`${ticketCount} tickets, ${judge.inside().length} persons inside; Node ${process.version}`);
const took: number[] = [];
let findings = 0;
for (let turn = 0; turn < eventCount; turn += 1) {
  const place = insideCount + (Math.floor(turn / 2) % (ticketCount - insideCount));
  const event = eventOf((number += 1), place, turn % 2 === 0 ? 'in' : 'out');
  const started = performance.now();
  findings += judge.event(event).findings.length;
  took.push(performance.now() - started);
}
const began = performance.now();
judge.time(now + number);
report.figure('the first look, at all tickets', performance.now() - began, 'ms', { digits: 1 });
const looks: number[] = [];
for (let turn = 0; turn < 100; turn += 1) {
  const started = performance.now();
  judge.time(now + number + (turn + 1) * 1_000);
  looks.push(performance.now() - started);
}
report.note(`${findings} findings`);
report.figure('one event, median', percentile(took, 0.5), 'ms', { digits: 4 });
report.figure('one event, p99', percentile(took, 0.99), 'ms', { aim: { atMost: 1 }, digits: 4 });
report.figure('a look each second after it, p99', percentile(looks, 0.99), 'ms', { digits: 3 });
report.end();
