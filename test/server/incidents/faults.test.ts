import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IncidentSummary, IncidentView } from '../../../server/contracts/incidents.ts';
import { MoveRefused } from '../../../server/incidents/by-hand.ts';
import { allowedActions } from '../../../web/incidents/allowed.ts';
import {
  fire,
  smallModel,
  temperatureHigh,
  type PointSketch,
  type RuleInput,
} from '../alarms/small-model.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { closeDatabases, monday, run, type Running } from './running.ts';

const hot: RuleInput = { ...temperatureHigh, onDelay: '0s', offDelay: '0s' };
const humid: RuleInput = { ...hot, rule: 'humidity-high', points: { quantity: ['humidity'] } };
const t1 = 'dc/env-1/temperature';
const t2 = 'dc/env-2/temperature';
const h1 = 'dc/env-1/humidity';
const smoke = 'dc/vesda/alarm-level';
const pointsOf = (temperature: string, humidity: string): PointSketch[] => [
  { id: temperature, quantity: 'temperature' },
  { id: humidity, quantity: 'humidity', unit: '%RH' },
];
const model = smallModel({
  rules: [hot, humid, fire],
  points: [
    { id: t1, quantity: 'temperature' },
    { id: t2, quantity: 'temperature' },
    { id: h1, quantity: 'humidity', unit: '%RH' },
    { id: smoke, quantity: 'alarm-level', unit: 'state', states: new Map([[0, 'normal'], [4, 'fire-1']]) }, // prettier-ignore
  ],
});

let path = '';

async function view({ incidents }: Running, id: string): Promise<IncidentView> {
  const found = await incidents.get(id);
  if (found === undefined) throw new Error(`no incident ${id}`);
  return found;
}
async function onlyOpen({ incidents }: Running): Promise<IncidentView> {
  const [first, ...others] = await incidents.list({ state: 'open', limit: 10 });
  expect(others).toEqual([]);
  const found = await incidents.get(first?.id ?? '');
  if (found === undefined) throw new Error('no open incident');
  return found;
}
/** The disk is full: reading goes on, writing fails. */
async function refuse(
  { db }: Running,
  table: 'alarm_journal' | 'incident_event' = 'alarm_journal',
): Promise<void> {
  const target = sql.table(table);
  if (isPostgres()) {
    await sql`create function refuse() returns trigger language plpgsql as 'begin raise exception ''disk is full''; end'`.execute(
      db,
    );
    await sql`create trigger full_disk before insert on ${target} for each row execute function refuse()`.execute(
      db,
    );
  } else
    await sql`create trigger full_disk before insert on ${target} begin select raise(abort, 'disk is full'); end`.execute(
      db,
    );
}
async function recover({ db }: Running): Promise<void> {
  await (isPostgres() ? sql`drop function refuse cascade` : sql`drop trigger full_disk`).execute(db);
}
const isPostgres = (): boolean => path.startsWith('postgres');

forEachDatabase('incidents under faults', (database) => {
  beforeEach(() => {
    path = database.where();
  });
  afterEach(closeDatabases);

  describe('on the page', () => {
    it('a latched fire alarm can be reset once it has returned, and not before', async () => {
      const running = await run(path, model);
      running.say({ [smoke]: 4 });
      expect(allowedActions(await onlyOpen(running))).toMatchObject({ reset: false, acknowledge: true });
      running.say({ [smoke]: 0 });
      const returned = await onlyOpen(running);
      expect(returned.active).toBe(1);
      expect(allowedActions(returned).reset).toBe(true);
    });

    it('an alarm that joins an acknowledged incident waits to be acknowledged', async () => {
      const running = await run(path, model);
      running.say({ [t1]: 28 });
      const { id } = await onlyOpen(running);
      await running.incidents.acknowledge(id, 'ana');
      expect(allowedActions(await onlyOpen(running))).toMatchObject({ acknowledge: false, waiting: 0 });
      running.say({ [t2]: 29 });
      const joined = await onlyOpen(running);
      expect(allowedActions(joined)).toMatchObject({ acknowledge: true, waiting: 1 });
      expect(joined.alarms.map(({ acknowledged }) => acknowledged)).toEqual([true, false]);
      const again = await running.incidents.acknowledge(id, 'budi');
      expect(again).toMatchObject({ unacknowledged: 0, acknowledgedBy: 'budi' });
    });
  });

  describe('an alarm that returned before anybody saw it', () => {
    it('stays after a restart until it is acknowledged', async () => {
      const before = await run(path, model);
      before.say({ [t1]: 28 });
      before.say({ [t1]: 20 });
      await before.incidents.list({ limit: 1 });
      const after = await run(path, model, { clock: before.clock });
      const [alarm] = after.alarms.list('annunciated');
      expect(alarm).toMatchObject({ id: `temperature-high@${t1}`, alarmState: 'returned-unacknowledged' });
      const incident = await view(after, alarm?.incident ?? '');
      expect(incident).toMatchObject({ state: 'returned', unacknowledged: 1 });
      expect((await onlyOpen(after)).id).toBe(incident.id);
      expect(allowedActions(incident).acknowledge).toBe(true);
      expect(await after.incidents.acknowledge(incident.id, 'ana')).toMatchObject({ unacknowledged: 0 });
      expect(after.alarms.list('annunciated')).toEqual([]);
    });
  });

  describe('resolved incidents', () => {
    it('are listed latest first, and a page goes on where the last one ended', async () => {
      const running = await run(path, model);
      // The oldest is a P1: priority must not put it first.
      running.say({ [smoke]: 4 });
      running.say({ [smoke]: 0 });
      await running.incidents.reset((await onlyOpen(running)).id, 'ana');
      for (const point of [t1, h1]) {
        await running.clock.advance(60_000);
        running.say({ [point]: 90 });
        running.say({ [point]: 20 });
        await running.incidents.acknowledge((await onlyOpen(running)).id, 'ana');
      }
      const resolved = () => running.incidents.list({ state: 'resolved', limit: 10 });
      await expect.poll(async () => (await resolved()).every(({ durable }) => durable)).toBe(true);
      const all = await resolved();
      expect(all.map(({ rule }) => rule)).toEqual(['humidity-high', 'temperature-high', 'fire']);
      const [first] = all;
      if (first?.resolvedAt === undefined || first.resolvedAt === null) throw new Error('not resolved');
      const after = [Date.parse(first.resolvedAt), first.id] as const;
      expect(await running.incidents.list({ state: 'resolved', after, limit: 10 })).toEqual(all.slice(1));
    });
  });

  describe('while the store reads but does not write', () => {
    it('a new incident is in the list and at its own address, marked as not durable, and is written once', async () => {
      const running = await run(path, model);
      const told: IncidentSummary[] = [];
      running.incidents.onChange((summary) => told.push(summary));
      await refuse(running);
      running.say({ [t1]: 28 });
      await running.clock.advance(100);
      const shown = await onlyOpen(running);
      expect(shown).toMatchObject({ durable: false, active: 1, timeline: [{ kind: 'opened' }] });
      expect(running.alarms.list('annunciated')).toMatchObject([{ incident: shown.id, durable: false }]);
      expect((await running.alarms.journal({ limit: 10 })).map(({ durable }) => durable)).toEqual([false]);
      expect(told.map(({ durable }) => durable)).toEqual([false]);
      await recover(running);
      await running.clock.advance(2_000);
      expect(await view(running, shown.id)).toMatchObject({ durable: true, timeline: [{ kind: 'opened' }] });
      expect(told.map(({ durable }) => durable)).toEqual([false, true]);
      const after = await run(path, model);
      expect((await onlyOpen(after)).id).toBe(shown.id);
      expect(await after.alarms.journal({ limit: 10 })).toHaveLength(1);
    });

    it('a note is kept, shown as not durable, and written once the store is back', async () => {
      const running = await run(path, model);
      running.say({ [t1]: 28 });
      running.say({ [t1]: 20 });
      await running.incidents.acknowledge((await onlyOpen(running)).id, 'ana');
      const [resolved] = await running.incidents.list({ state: 'resolved', limit: 1 });
      const id = resolved?.id ?? '';
      await refuse(running, 'incident_event');
      const noted = await Promise.all([
        running.incidents.note(id, { actor: 'ana', text: 'satu' }),
        running.incidents.note(id, { actor: 'budi', text: 'dua' }),
      ]);
      expect(noted.map((each) => each?.durable)).toEqual([false, false]);
      await recover(running);
      await running.clock.advance(2_000);
      const { timeline } = await view(await run(path, model), id);
      expect(timeline.flatMap(({ note }) => note ?? []).toSorted()).toEqual(['dua', 'satu']);
    });

    it('an incident that is resolved meanwhile stays resolved, also after a restart', async () => {
      const running = await run(path, model);
      running.say({ [t1]: 28 });
      const { id } = await onlyOpen(running);
      await running.incidents.acknowledge(id, 'ana');
      await refuse(running);
      running.say({ [t1]: 20 });
      expect(await view(running, id)).toMatchObject({ state: 'resolved', active: 0, durable: false });
      await running.incidents.note(id, { actor: 'ana', text: 'selesai' });
      expect(await view(running, id)).toMatchObject({ state: 'resolved', active: 0 });
      await recover(running);
      await running.clock.advance(2_000);
      for (const each of [running, await run(path, model)]) {
        const found = await view(each, id);
        expect(found).toMatchObject({ state: 'resolved', active: 0, durable: true });
        expect(found.timeline.map(({ kind }) => kind)).toEqual([
          'opened',
          'acknowledged',
          'alarm-returned',
          'resolved',
          'noted',
        ]);
      }
    });

    it('timeline entries of several incidents never take each other’s number', async () => {
      const running = await run(path, model);
      await refuse(running);
      for (const values of [{ [t1]: 28 }, { [h1]: 90 }, { [t1]: 20 }, { [t1]: 28 }, { [h1]: 20 }]) {
        running.say(values);
        await running.clock.advance(2_100);
      }
      await recover(running);
      await running.incidents.list({ limit: 1 });
      const rows = await running.db
        .selectFrom('incident_event')
        .select('sequence')
        .orderBy('sequence')
        .execute();
      expect(rows.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    });
  });

  describe('a hidden alarm', () => {
    const by = { actor: 'ana', role: 'operator' as const, reason: 'filter diganti' };
    const key = `temperature-high@${t1}`;

    it('leaves its incident, and is annunciated again with its original time when the shelf ends', async () => {
      const running = await run(path, model);
      running.say({ [t1]: 28 });
      const first = await onlyOpen(running);
      const until = running.clock.now() + 3_600_000;
      await running.alarms.act(key, { kind: 'shelve', since: running.clock.now(), until }, by);
      expect(running.incidents.openCount()).toBe(0);
      expect(running.alarms.list('annunciated')).toEqual([]);
      expect(running.alarms.list('shelved')).toMatchObject([{ id: key, since: first.alarms[0]?.since }]);
      expect((await view(running, first.id)).timeline.at(-2)).toMatchObject({
      kind: 'alarm-shelved', actor: 'ana', note: 'filter diganti',
    }); // prettier-ignore
      await running.clock.advance(3_599_000);
      running.alarms.tick();
      expect(running.incidents.openCount()).toBe(0);
      await running.clock.advance(1_000);
      running.alarms.tick();
      expect((await onlyOpen(running)).alarms).toMatchObject([{ id: key, since: first.alarms[0]?.since }]);
    });

    it('stays shelved over a restart, and no longer because the clock was set back', async () => {
      const before = await run(path, model);
      before.say({ [t1]: 28 });
      await before.alarms.act(key, { kind: 'shelve', since: monday, until: monday + 3_600_000 }, by);
      const after = await run(path, model);
      expect(after.alarms.list('shelved')).toHaveLength(1);
      await after.clock.advance(3_600_000);
      after.alarms.tick();
      expect(after.alarms.list('shelved')).toEqual([]);
      expect(after.incidents.openCount()).toBe(1);
    });

    it.each([
      ['suppress', 'unsuppress', 'suppressed'],
      ['out-of-service', 'return-to-service', 'out-of-service'],
    ] as const)('by %s goes on being judged and journalled until %s', async (hide, show, list) => {
      const running = await run(path, model);
      await running.alarms.act(key, { kind: hide }, by);
      running.say({ [t1]: 28 });
      expect(running.incidents.openCount()).toBe(0);
      expect(running.alarms.list(list)).toMatchObject([{ id: key, alarmState: 'unacknowledged' }]);
      await running.alarms.act(key, { kind: show }, { ...by, reason: null });
      expect(running.incidents.openCount()).toBe(1);
      const journal = await running.alarms.journal({ alarm: key, limit: 10 });
      expect(journal.map(({ why, from, to, actor }) => [why, from, to, actor])).toEqual([
        [show, `unacknowledged+${list}`, 'unacknowledged', 'ana'],
        ['raise', `normal+${list}`, `unacknowledged+${list}`, null],
        [hide, 'normal', `normal+${list}`, 'ana'],
      ]);
    });
  });

  describe('when the wall clock is set back an hour', () => {
    it('readings are judged at once, and a delay under way ends when its time has really passed', async () => {
      const slow = { ...hot, onDelay: '20s' };
      const running = await run(path, smallModel({ rules: [slow, humid], points: pointsOf(t1, h1) }));
      running.say({ [t1]: 28, [h1]: 90 });
      running.say({ [h1]: 20 });
      await running.clock.advance(5_000);
      running.clock.step(-3_600_000);
      running.say({ [t1]: 28.2, [h1]: 91 });
      expect((await onlyOpen(running)).rule).toBe('humidity-high');
      await running.clock.advance(14_000);
      running.alarms.tick();
      expect(running.incidents.openCount()).toBe(1);
      await running.clock.advance(1_000);
      running.alarms.tick();
      expect(running.incidents.openCount()).toBe(2);
    });

    it('a shelf does not last longer', async () => {
      const running = await run(path, model);
      running.say({ [t1]: 28 });
      const since = running.clock.now();
      const until = since + 3_600_000;
      await running.alarms.act(
        `temperature-high@${t1}`,
        { kind: 'shelve', since, until },
        { actor: 'ana', role: 'operator', reason: 'uji' },
      );
      running.clock.step(-3_600_000);
      await running.clock.advance(3_600_000);
      running.alarms.tick();
      expect(running.alarms.list('shelved')).toEqual([]);
    });
  });

  describe('an occurrence', () => {
    it('is moved to another incident with reason, stays there, and the one it leaves ends without it', async () => {
      const running = await run(path, model);
      running.say({ [t1]: 28 });
      running.say({ [h1]: 90 });
      const all = await running.incidents.list({ state: 'open', limit: 10 });
      const from = all.find(({ rule }) => rule === 'humidity-high')?.id ?? '';
      const to = all.find(({ rule }) => rule === 'temperature-high')?.id ?? '';
      const move = { alarm: `humidity-high@${h1}`, from, to, actor: 'ana', reason: 'sebab yang sama' };
      await running.incidents.move(move);
      await expect(running.incidents.move(move)).rejects.toThrow(MoveRefused);
      expect(await view(running, from)).toMatchObject({ state: 'resolved', total: 0, alarms: [] });
      const after = await run(path, model);
      for (const each of [running, after]) {
        const target = await onlyOpen(each);
        expect(target).toMatchObject({ id: to, active: 2, total: 2 });
        expect(target.timeline.at(-1)).toMatchObject({ kind: 'alarm-moved-in', actor: 'ana', point: h1 });
      }
      after.say({ [h1]: 20, [t1]: 20 });
      await after.incidents.acknowledge(to, 'ana');
      expect(after.incidents.openCount()).toBe(0);
    });
  });
});
