import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { Clock } from '../../../core/clock.ts';
import { good, qualityCode } from '../../../core/reading.ts';
import { isActive, type AlarmFacts } from '../../../server/alarms/facts.ts';
import { replay } from '../../../server/alarms/journal.ts';
import { readAlarms } from '../../../server/alarms/repository.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { openIncidents } from '../../../server/incidents/compose.ts';
import { NothingToReset } from '../../../server/incidents/service.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { fire, smallModel, temperatureHigh } from '../alarms/small-model.ts';
import { monday } from './running.ts';

const points = ['dc/env-1/temperature', 'dc/env-2/temperature', 'dc/vesda/alarm-level'] as const;
const model = smallModel({
  rules: [{ ...temperatureHigh, onDelay: '2s', offDelay: '2s' }, fire],
  points: [
    { id: points[0], quantity: 'temperature' },
    { id: points[1], quantity: 'temperature' },
    { id: points[2], quantity: 'alarm-level', unit: 'state', states: new Map([[0, 'normal'], [4, 'fire-1']]) }, // prettier-ignore
  ],
});
const keys = [`temperature-high@${points[0]}`, `temperature-high@${points[1]}`, `fire@${points[2]}`] as const;

const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('reading' as const), point: fc.nat(2), high: fc.boolean(), bad: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 5 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('alarm' as const),
      alarm: fc.nat(2),
      command: fc.constantFrom('acknowledge', 'reset', 'shelve', 'unshelve', 'suppress', 'unsuppress', 'out-of-service', 'return-to-service'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('acknowledge' as const, 'reset' as const, 'note' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('refuse' as const, 'recover' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('step' as const), hours: fc.constantFrom(-1, 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const) }) },
); // prettier-ignore
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

/** What a killed process waits for. */
const never = new Promise<void>(() => undefined);

/** A process over a store that outlives it; once killed it never wakes again. */
async function begin(db: Database, shared: FakeClock) {
  let alive = true;
  const clock: Clock = {
    ...shared,
    after: (delayMs, wake) => shared.after(delayMs, () => { if (alive) wake(); }),
    sleep: async (delayMs, signal) => { await shared.sleep(delayMs, signal); if (!alive) await never; },
  }; // prettier-ignore
  // A dead process starts no transaction; one that it had begun may still commit.
  const mortal = new Proxy(db, {
    get(target, name) {
      if (name === 'transaction' && !alive) throw new Error('killed');
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const opened = await openIncidents({
    model, db: mortal, clock, randomBytes, log: pino({ level: 'silent' }), ticketsTouching: () => Promise.resolve([]), readNow: () => null,
  }); // prettier-ignore
  return { ...opened, kill: () => void (alive = false) };
}

async function play(operations: readonly Operation[]): Promise<void> {
  const db = await openDatabase(':memory:');
  const clock = createFakeClock(monday);
  let running = await begin(db, clock);
  let refuses = false;
  const recover = async (): Promise<void> => {
    if (refuses) await sql`drop trigger refuse`.execute(db);
    refuses = false;
  };
  for (const each of operations) {
    switch (each.kind) {
      case 'reading': {
        const value = each.point === 2 ? (each.high ? 4 : 0) : each.high ? 28 : 20;
        const quality = each.bad ? qualityCode('timeout') : good;
        running.alarms.accept([{ point: each.point, at: clock.now(), value, quality }]);
        break;
      }
      case 'wait':
        for (let second = 0; second < each.seconds; second += 1) {
          await clock.advance(1_000);
          running.alarms.tick();
        }
        break;
      case 'step':
        clock.step(each.hours * 3_600_000);
        break;
      case 'alarm': {
        const { command } = each;
        const since = clock.now();
        running.alarms.command(
          [keys[each.alarm] ?? keys[0]],
          command === 'shelve' ? { kind: command, since, until: since + 3_000 } : { kind: command },
          { actor: 'ana', reason: 'uji', scope: 'alarm' },
        );
        break;
      }
      case 'refuse':
        if (!refuses)
          await sql`create trigger refuse before insert on incident_event begin select raise(abort, 'disk is full'); end`.execute(
            db,
          );
        refuses = true;
        break;
      case 'recover':
        await recover();
        break;
      case 'kill':
        running.kill();
        await lastCommit(db);
        running = await begin(db, clock);
        break;
      default: {
        const [incident] = await running.incidents.list({ state: 'open', limit: 1 });
        if (incident === undefined) break;
        if (each.kind === 'note')
          await running.incidents.note(incident.id, { actor: 'ana', text: 'catatan' });
        else
          await running.incidents[each.kind](incident.id, 'ana').catch((error: unknown) => {
            if (!(error instanceof NothingToReset)) throw error;
          });
      }
    }
    if (each.kind === 'wait') await checkMemory(running);
  }
  await recover();
  await written(running, clock);
  await checkStore(db, running);
  running.kill();
  await lastCommit(db);
  const after = await begin(db, clock);
  await written(after, clock);
  await checkMemory(after);
  await checkStore(db, after);
  await db.destroy();
}

/** Waits behind whatever transaction is under way. */
async function lastCommit(db: Database): Promise<void> {
  await db.transaction().execute((trx) => sql`select 1`.execute(trx));
}

/** Until a write attempt succeeded; the store works. */
async function written({ incidents }: Process, clock: FakeClock): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) {
    await clock.advance(2_000);
    await incidents.list({ limit: 1 });
    if (incidents.problem() === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`nothing is written: ${incidents.problem()}`);
}

type Process = Awaited<ReturnType<typeof begin>>;

/** The open incidents hold exactly the alarms that are active and not hidden, each once. */
async function checkMemory({ alarms, incidents }: Process): Promise<void> {
  const active = alarms.notable().filter(({ facts }) => isActive(facts)).map(({ alarm }) => alarm.key); // prettier-ignore
  const open = await incidents.list({ state: 'open', limit: 100 });
  const held = await Promise.all(
    open.map(async ({ id }) => {
      const view = await incidents.get(id);
      const standing = (view?.alarms ?? []).filter(
        (alarm) => active.includes(alarm.id) && alarm.alarmState !== 'normal',
      );
      expect(view?.active, id).toBe(standing.length);
      return standing.map((alarm) => alarm.id);
    }),
  );
  expect(held.flat().sort()).toEqual([...active].sort());
}

/** The journal has no gap, and leads every alarm to the state that is stored and in memory. */
async function checkStore(db: Database, { alarms }: Process): Promise<void> {
  const rows = await db.selectFrom('alarm_journal').selectAll().orderBy('sequence').execute();
  expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, place) => place + 1));
  const events = await db.selectFrom('incident_event').select('sequence').orderBy('sequence').execute();
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, place) => place + 1));
  const { facts } = await readAlarms(db);
  for (const key of keys) {
    const replayed = journalled(replay(rows.filter(({ alarm }) => alarm === key)));
    const stored = facts.get(key);
    if (stored !== undefined) expect(replayed, key).toEqual(journalled(stored));
    const present = alarms.find(key);
    if (present !== undefined) expect(replayed, key).toEqual(journalled(present.facts));
  }
}

/** Without what the journal leaves out: the worst value, and a delay under way. */
function journalled(facts: AlarmFacts): unknown {
  const occurrence = facts.occurrence === null ? null : { ...facts.occurrence, worst: 0 };
  return { ...facts, pending: null, occurrence };
}

it('for any readings, commands, kills, clock steps and refusals of the store, the journal replays to the state and the incidents hold what is active', async () => {
  const checked = await fc.check(
    fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 40 }), play),
    {
      numRuns: 15,
    },
  );
  expect(fc.defaultReportMessage(checked)).toBeUndefined();
}, 120_000);
