import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FieldEvent } from '../../../../core/field-event.ts';
import { admitEvent } from '../../../../core/field-event.ts';
import { openJudgement, type AccessJudgement } from '../../../../server/access/judgement/service.ts';
import { fieldEventRepository } from '../../../../server/access/field-events.ts';
import { ticketRepository, type NewTicket } from '../../../../server/access/repository.ts';
import { openDatabase } from '../../../../server/db/database.ts';
import type { Database } from '../../../../server/db/schema.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { capturedLog } from '../../support/http.ts';
import { shippedModel } from '../../support/server.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.UTC(2026, 10, 23, 3);
/** What was once in the log stays in it. */
let run = 0;

function ticket(id: string, change: Partial<NewTicket['ticket']> = {}): NewTicket {
  return {
    ticket: {
      id, service: 'ITSM.3.1.1', site: 'dc', unit: 'Biro Umum', pic: 'Ana', accompanied: 1, activity: 'Perawatan PAC',
      persons: JSON.stringify([{ name: `Tamu ${id}`, identity: '197001011990031001', party: 'employee' }]),
      from_at: start - 60 * minute, to_at: start + 120 * minute, superior_email: 'atasan@example.go.id', created_at: start - day, created_by: 'ana',
      state: 'scheduled', escort: 'Rudi', answered_at: start - day, checked_in_at: null, fulfilled_at: null, closed_at: null, entered_at: null,
      takes_out: '[]', suppresses: null, pic_email: null, fields: '{}', reference: null, reference_at: null, series: null, series_at: null, rooms: [],
      ...change,
    },
    event: { id: `${id}-${run}`, ticket: id, at: start - day, action: 'submit', actor: 'ana', note: null },
  }; // prettier-ignore
}

const read = (id: string, at: number, person: string): FieldEvent => ({
  id: `dc/door-hall-1/${run}-${id}`, source: 'dc/door-hall-1', at, kind: 'access-granted', attributes: { part: 'door-1', person, direction: 'in' },
}); // prettier-ignore

let db: Database;
let clock: ReturnType<typeof createFakeClock>;
const opened: AccessJudgement[] = [];
beforeAll(async () => {
  db = await openDatabase(':memory:');
});
beforeEach(() => {
  run += 1;
  clock = createFakeClock(start);
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
  for (const table of ['ticket_event', 'ticket', 'field_event', 'late_event', 'access_finding'] as const)
    await db.deleteFrom(table).execute();
});
afterAll(() => db.destroy());

async function judging(): Promise<AccessJudgement> {
  const judgement = await openJudgement({
    model: shippedModel(), db, clock, log: capturedLog().log,
    access: { onChange: () => undefined }, credentials: { onChange: () => undefined },
    roster: () => ({ overrides: [], timeOff: [] }),
    accept: () => undefined,
  }); // prettier-ignore
  opened.push(judgement);
  return judgement;
}

/** As the event store does: with a time that may be stored, stored, then on the stream. */
async function happens(judgement: AccessJudgement, event: FieldEvent): Promise<void> {
  const admitted = admitEvent(event, clock.now());
  await fieldEventRepository(db).add([admitted], clock.now());
  judgement.events([admitted]);
}

async function pass(judgement: AccessJudgement, minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed += 1) {
    await clock.advance(minute);
    judgement.tick();
  }
  await judgement.settled();
}

const told = async (judgement: AccessJudgement): Promise<string[]> => {
  await judgement.settled();
  return (await judgement.list({ limit: 50 })).map(({ kind, ticket: of, state }) => `${kind} ${of ?? '-'} ${state}`);
}; // prettier-ignore

describe('a wall clock that is set a day ahead', () => {
  beforeEach(() =>
    ticketRepository(db).add([
      ticket('inside', { state: 'checked-in', checked_in_at: start - 30 * minute, rooms: ['hall-1'] }),
      ticket('tonight', { from_at: start + 600 * minute, to_at: start + 700 * minute }),
    ]),
  );

  it('lets nobody stay too long or fail to come, and what happens meanwhile is an alarm at once', async () => {
    const judgement = await judging();
    await happens(judgement, read('1', start, 'Tamu inside'));
    await pass(judgement, 1);
    clock.step(day);
    await pass(judgement, 5);
    expect(await told(judgement)).toEqual([]);
    expect(judgement.problem()).toContain('jumped by 86400 s');
    expect(judgement.inside()).toContainEqual(
      expect.objectContaining({ holder: 'ticket:inside#0', evidence: 'detected' }),
    );
    // The controller's clock is right.
    await happens(judgement, read('2', start + 6 * minute, 'Orang Asing'));
    expect(await told(judgement)).toEqual(['no-ticket - live']);
    clock.step(-day);
    await pass(judgement, 30);
    expect(judgement.problem()).toBeUndefined();
    expect(await told(judgement)).toEqual(['no-ticket - ended']);
  });

  it('for good is followed, and nobody is said to have missed a window that it went over', async () => {
    const judgement = await judging();
    await happens(judgement, read('1', start, 'Tamu inside'));
    await pass(judgement, 1);
    clock.step(day);
    await pass(judgement, 16);
    expect(judgement.problem()).toBeUndefined();
    expect(await told(judgement)).not.toContain('no-entry tonight live');
  });
});

describe('a wall clock that is set a day back', () => {
  it('has an event of now judged by the tickets of now', async () => {
    await ticketRepository(db).add([
      ticket('now', { state: 'checked-in', checked_in_at: start - 30 * minute, rooms: ['hall-1'] }),
    ]);
    const judgement = await judging();
    clock.step(-day);
    await pass(judgement, 1);
    await happens(judgement, read('1', start + minute, 'Tamu now'));
    await happens(judgement, read('2', start + minute, 'Orang Asing'));
    expect(await told(judgement)).toEqual(['no-ticket - live']);
    expect(judgement.ticket('now')).toMatchObject({ enteredAt: start + minute });
  });
});

describe('late events', () => {
  const then = start - 10 * day;
  const wait = { timeout: 5_000 };

  it('that a process left unjudged are judged by the next one, once', async () => {
    await fieldEventRepository(db).add(
      [read('old-1', then, 'Orang Asing'), read('old-2', then + 5 * day, 'Orang Lain')],
      clock.now(),
    );
    const judgement = await judging();
    judgement.tick();
    await expect.poll(() => told(judgement), wait).toEqual(['no-ticket - recorded', 'no-ticket - recorded']);
    await expect.poll(() => db.selectFrom('late_event').selectAll().execute(), wait).toEqual([]);
  });

  it('stay until what was found in them is stored', async () => {
    const judgement = await judging();
    await happens(judgement, read('old', then, 'Orang Asing'));
    await db.schema.alterTable('access_finding').renameTo('away').execute();
    await pass(judgement, 1);
    expect(await db.selectFrom('late_event').selectAll().execute()).toHaveLength(1);
    await db.schema.alterTable('away').renameTo('access_finding').execute();
    await pass(judgement, 1);
    await expect.poll(() => told(judgement), wait).toEqual(['no-ticket - recorded']);
  });
});
