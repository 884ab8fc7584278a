import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { qualityCode } from '../../../core/reading.ts';
import type { IncidentFilter } from '../../../domain/incident-filter.ts';
import type { IncidentSummary, IncidentView } from '../../../server/contracts/incidents.ts';
import { NothingToReset, type IncidentService } from '../../../server/incidents/service.ts';
import {
  deviceLost,
  fire,
  hall,
  rack,
  smallModel,
  temperatureHigh,
  type RuleInput,
} from '../alarms/small-model.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { closeDatabases, monday, run, type Running } from './running.ts';
import { untilPasses, untilPassesInTime } from '../../support/until-passes.ts';

const levels = new Map([[0, 'normal'], [4, 'fire-1']]); // prettier-ignore
const link = new Map([[0, 'lost'], [1, 'ok']]); // prettier-ignore
const hot: RuleInput = { ...temperatureHigh, onDelay: '0s', offDelay: '0s' };
const t1 = 'dc/env-1/temperature';
const t2 = 'dc/env-2/temperature';
const smoke = 'dc/vesda/alarm-level';
const points = [
  { id: t1, quantity: 'temperature', rack: 'rack-a07' },
  { id: t2, quantity: 'temperature' },
  { id: smoke, quantity: 'alarm-level', unit: 'state' as const, states: levels },
  {
    id: 'dc/env-1/link',
    quantity: 'link',
    unit: 'state' as const,
    states: link,
    source: { from: 'link' as const },
  },
];
const model = smallModel({ rules: [hot, fire, deviceLost], points, racks: [rack('rack-a07', 5)] });

let path = '';

const open = (incidents: IncidentService): Promise<IncidentSummary[]> =>
  incidents.list({ state: 'open', limit: 100 });
async function only({ incidents }: Running): Promise<IncidentView> {
  const [summary, ...others] = await incidents.list({ limit: 100 });
  expect(others).toEqual([]);
  const view = await incidents.get(summary?.id ?? '');
  if (view === undefined) throw new Error('there is no incident');
  return view;
}
const story = ({ timeline }: IncidentView): string[] =>
  timeline.map(({ kind, point }) => `${kind} ${point ?? ''}`.trim());

forEachDatabase('incidents', (database) => {
  beforeEach(() => {
    path = database.where();
  });
  afterEach(closeDatabases);

  describe('an incident', () => {
    it('is opened by the first alarm, joined by others and over when all have returned; it stays until it is acknowledged', async () => {
      const running = await run(path, model);
      running.say({ [t1]: 28 });
      running.say({ [t2]: 27.4 });
      running.say({ [t1]: 29.5 });
      running.say({ [t1]: 26 });
      expect((await only(running)).state).toBe('open');
      running.say({ [t2]: 26 });
      const view = await only(running);
      expect(story(view)).toEqual([
      `opened ${t1}`, `alarm-raised ${t2}`, `alarm-returned ${t1}`, `alarm-returned ${t2}`, 'returned',
    ]); // prettier-ignore
      expect(view).toMatchObject({
        site: 'dc',
        room: 'hall',
        rule: 'temperature-high',
        name: { id: 'Suhu tinggi', en: 'Temperature high' },
        clause: 'BAB IV.1.4',
        state: 'returned',
        resolvedAt: null,
        priority: 'P2',
        active: 0,
        total: 2,
        worst: { point: t1, owner: 'A-07', value: 28, worst: 29.5, limit: 27, unit: '°C' },
        dueAt: '2026-11-24T02:00:00.000Z',
      });
      expect(view.alarms.map(({ owner, worst }) => [owner, worst])).toEqual([['A-07', 29.5], ['env-2', 27.4]]); // prettier-ignore
      expect(await open(running.incidents)).toHaveLength(1);
      const seen = await running.incidents.acknowledge(view.id, 'ana');
      expect(seen).toMatchObject({ state: 'resolved', acknowledgedBy: 'ana' });
      expect(await open(running.incidents)).toEqual([]);
    });

    it('is found among those that are over by priority, discipline, what waits and words, wildcards being letters', async () => {
      const running = await run(path, model);
      for (const value of [28, 26]) running.say({ [t1]: value });
      await running.incidents.acknowledge((await only(running)).id, 'ana');
      const found = async (filter: IncidentFilter) =>
        (await running.incidents.list({ ...filter, state: 'resolved', limit: 10 })).length;
      expect(await found({ priorities: ['P2'], discipline: 'cooling', waiting: false, text: 'SUHU env-1' })).toBe(1); // prettier-ignore
      for (const text of ['suhu env-9', 'env_1', '%', '\\'])
        expect([text, await found({ text })]).toEqual([text, 0]);
      for (const none of [
        { priorities: ['P1' as const] },
        { discipline: 'fire' as const },
        { waiting: true },
      ])
        expect(await found(none)).toBe(0);
    });

    it('is a new one when the alarm comes back after it was resolved', async () => {
      const running = await run(path, model);
      for (const value of [28, 26]) running.say({ [t1]: value });
      await running.incidents.acknowledge((await only(running)).id, 'ana');
      running.say({ [t1]: 28 });
      const states = (await running.incidents.list({ limit: 10 })).map(({ state }) => state);
      expect(states.toSorted()).toEqual(['open', 'resolved']);
    });

    it('goes on when the alarm comes back before anybody acknowledged it', async () => {
      const running = await run(path, model);
      for (const value of [28, 26, 28]) running.say({ [t1]: value });
      expect(await only(running)).toMatchObject({ state: 'open', returnedAt: null, active: 1, total: 2 });
    });

    it('holds a new occurrence when the alarm comes back while it is open', async () => {
      const running = await run(path, model);
      for (const values of [{ [t1]: 28, [t2]: 28 }, { [t1]: 26 }, { [t1]: 30 }]) running.say(values);
      expect(await only(running)).toMatchObject({ active: 2, total: 3, worst: { point: t1, worst: 30 } });
    });

    it('of a lost device has a state and no number', async () => {
      const running = await run(path, model);
      running.say({ 'dc/env-1/link': 0 });
      expect(await only(running)).toMatchObject({
        worst: { value: null, worst: null, limit: null, state: 'lost', owner: 'env-1' },
      });
    });

    it('stays when the data goes bad', async () => {
      const running = await run(path, model);
      running.say({ [t1]: 28 });
      running.say({ [t1]: Number.NaN }, qualityCode('timeout'));
      running.say({ [t1]: 20 }, qualityCode('stale'));
      expect((await only(running)).state).toBe('open');
    });

    it('is raised by time alone when the value stands and no reading comes', async () => {
      const slow = smallModel({ rules: [{ ...temperatureHigh, onDelay: '20s' }], points });
      const running = await run(path, slow);
      running.say({ [t1]: 28 });
      await running.clock.advance(19_000);
      running.alarms.tick();
      expect(running.incidents.openCount()).toBe(0);
      await running.clock.advance(1_000);
      running.alarms.tick();
      expect(running.incidents.openCount()).toBe(1);
    });

    it('is not raised by time alone when the value has become stale', async () => {
      const slow = smallModel({ rules: [temperatureHigh], points });
      const running = await run(path, slow);
      running.say({ [t1]: 28 });
      await running.clock.advance(600_000);
      running.alarms.tick();
      expect(running.incidents.openCount()).toBe(0);
    });
  });

  describe('the priority', () => {
    it.each([
      ['tinggi', ['rendah', 'tinggi'], 'P1'],
      ['sedang', ['rendah', 'sedang'], 'P3'],
      ['rendah', ['rendah'], 'P5'],
      ['sedang', [], 'P2'],
    ] as const)('of urgency %s with services of %j is %s', async (urgency, criticalities, priority) => {
      const services = criticalities.map((criticality) => ({
        service: criticality,
        name: criticality,
        criticality,
      }));
      const room = { ...hall, services };
      const running = await run(path, smallModel({ rules: [{ ...hot, urgency }], points, rooms: [room] }));
      running.say({ [t1]: 28 });
      const sorted = ['tinggi', 'sedang', 'rendah'].flatMap((level) => services.filter(({ criticality }) => criticality === level)); // prettier-ignore
      expect(await only(running)).toMatchObject({ priority, services: sorted });
    });

    it('orders the list, and a page goes on where the last one ended', async () => {
      const running = await run(path, model);
      running.say({ 'dc/env-1/link': 0 });
      running.say({ [t1]: 28 });
      running.say({ [smoke]: 4 });
      const all = await open(running.incidents);
      expect(all.map(({ priority }) => priority)).toEqual(['P1', 'P2', 'P3']);
      const [first] = all;
      if (first === undefined) throw new Error('no incident');
      const after = [Number(first.lifeSafety), first.priority, Date.parse(first.dueAt), first.id] as const;
      expect(await running.incidents.list({ after, limit: 10 })).toEqual(all.slice(1));
      expect(await running.incidents.list({ site: 'smart-dc', limit: 10 })).toEqual([]);
      expect(await running.incidents.list({ site: ['smart-dc', 'drc'], limit: 10 })).toEqual([]);
      expect(await running.incidents.list({ site: ['smart-dc', 'dc'], limit: 10 })).toEqual(all);
    });
  });

  describe('after kill -9', () => {
    it('what still stands is the same incident, acknowledged as before', async () => {
      const before = await run(path, model);
      before.say({ [t1]: 28, [t2]: 28 });
      await before.incidents.acknowledge((await only(before)).id, 'ana');
      const known = await only(before);
      const after = await run(path, model, { clock: before.clock });
      expect(after.incidents.openCount()).toBe(1);
      after.say({ [t1]: 28.1, [t2]: 27.9 });
      const same = await only(after);
      expect(same).toMatchObject({ id: known.id, total: 2, active: 2, acknowledgedBy: 'ana' });
      expect(same.timeline).toEqual(known.timeline);
      expect(after.alarms.active().map(({ facts }) => facts.acknowledged)).toEqual([true, true]);
      after.say({ [t1]: 20, [t2]: 20 });
      expect((await only(after)).state).toBe('resolved');
    });

    it('what returned meanwhile is over by the first reading', async () => {
      const before = await run(path, model);
      before.say({ [t1]: 28 });
      await only(before);
      const after = await run(path, model);
      after.say({ [t1]: 20 });
      expect(story(await only(after))).toEqual([`opened ${t1}`, `alarm-returned ${t1}`, 'returned']);
    });

    it('a latched alarm still waits for its reset', async () => {
      const before = await run(path, model);
      before.say({ [smoke]: 4 });
      before.say({ [smoke]: 0 });
      const { id } = await only(before);
      const after = await run(path, model);
      after.say({ [smoke]: 0 });
      expect(await only(after)).toMatchObject({ id, state: 'open', active: 1 });
      expect(await after.incidents.reset(id, 'ana')).toMatchObject({ state: 'resolved' });
    });

    it('an alarm whose point or rule is gone is closed with a note', async () => {
      const before = await run(path, model);
      before.say({ [t1]: 28, [t2]: 28 });
      before.say({ [smoke]: 4 });
      await open(before.incidents);
      const smaller = smallModel({ rules: [hot], points: points.slice(1) });
      const after = await run(path, smaller);
      const [left, ...others] = await open(after.incidents);
      expect(others).toEqual([]);
      expect(left).toMatchObject({ rule: 'temperature-high', active: 1, total: 2 });
      const [closed] = await after.incidents.list({ state: 'resolved', limit: 10 });
      const view = await after.incidents.get(closed?.id ?? '');
      expect(view).toMatchObject({ rule: 'fire', active: 0 });
      expect(view?.timeline.slice(1).map(({ kind, note }) => [kind, note?.slice(0, 9)])).toEqual([['alarm-returned', 'Tidak ada'], ['resolved', 'Tidak ada']]); // prettier-ignore
    });
  });

  describe('a latched fire', () => {
    it('refuses the reset while it burns, keeps one incident when it flares up again, and ends by the reset', async () => {
      const running = await run(path, model);
      running.say({ [smoke]: 4 });
      const { id } = await only(running);
      await expect(running.incidents.reset(id, 'ana')).rejects.toThrow(NothingToReset);
      for (const value of [0, 4, 0]) running.say({ [smoke]: value });
      expect(await only(running)).toMatchObject({ state: 'open', active: 1, total: 1 });
      const ended = await running.incidents.reset(id, 'ana');
      expect(ended).toMatchObject({ state: 'resolved', active: 0 });
      expect(ended === undefined ? [] : story(ended).slice(-2)).toEqual(['reset', 'resolved']);
      await expect(running.incidents.reset(id, 'ana')).rejects.toThrow(NothingToReset);
    });
  });

  describe('people', () => {
    it('acknowledge once, note at any time, and are named', async () => {
      const running = await run(path, model);
      running.say({ [t1]: 28 });
      const { id } = await only(running);
      await running.incidents.acknowledge(id, 'ana');
      await running.clock.advance(1_000);
      await running.incidents.acknowledge(id, 'budi');
      running.say({ [t1]: 20 });
      await Promise.all([
        running.incidents.note(id, { actor: 'budi', text: 'filter diganti' }),
        running.incidents.note(id, { actor: 'ana', text: 'ya' }),
      ]);
      const view = await only(running);
      expect(view).toMatchObject({ acknowledgedBy: 'ana', acknowledgedAt: new Date(monday).toISOString() });
      expect(view.timeline.map(({ kind, actor, note }) => [kind, actor, note])).toEqual([
        ['opened', null, null],
        ['acknowledged', 'ana', null],
        ['acknowledged', 'budi', null],
        ['alarm-returned', null, null],
        ['resolved', null, null],
        ['noted', 'budi', 'filter diganti'],
        ['noted', 'ana', 'ya'],
      ]);
    });

    it('note once what is sent twice with one key, at the same time and after a restart', async () => {
      const running = await run(path, model);
      running.say({ [t1]: 28 });
      const { id } = await only(running);
      const note = { actor: 'ana', text: 'filter diganti', key: 'k-12345678' };
      const [first, second] = await Promise.all([running.incidents.note(id, note), running.incidents.note(id, note)]);
      expect(second?.id).toBe(first?.id);
      await running.incidents.note(id, { ...note, key: 'k-87654321' });
      const again = await run(path, model);
      await again.incidents.note(id, note);
      const notes = (await again.incidents.get(id))?.timeline.filter(({ kind }) => kind === 'noted');
      expect(notes?.map(({ note: text }) => text)).toEqual(['filter diganti', 'filter diganti']);
    }); // prettier-ignore

    it('get nothing for an incident that is not there', async () => {
      const { incidents } = await run(path, model);
      expect(await incidents.get('none')).toBeUndefined();
      expect(await incidents.acknowledge('none', 'ana')).toBeUndefined();
      expect(await incidents.reset('none', 'ana')).toBeUndefined();
    });
  });

  describe('tickets', () => {
    it('are asked for with the room and the time of the incident', async () => {
      const asked: unknown[] = [];
      const running = await run(path, model, {
        ticketsTouching(touch) {
          asked.push(touch);
          return Promise.resolve([]);
        },
      });
      running.say({ [t1]: 28 });
      await running.clock.advance(60_000);
      running.say({ [t1]: 20 });
      await only(running);
      expect(asked).toEqual([{ site: 'dc', rooms: ['hall'], from: monday, to: monday + 60_000 }]);
    });

    it('find the incidents of their place and window', async () => {
      const running = await run(path, model);
      running.say({ [t1]: 28 });
      await running.clock.advance(60_000);
      running.say({ [t1]: 20 });
      const touching = async (rooms: string[], from: number, to: number, site = 'dc'): Promise<number> =>
        (
          await running.incidents.incidentsTouching([{ site, rooms, from: monday + from, to: monday + to }])
        )[0]?.length ?? -1;
      expect(await touching([], 0, 1)).toBe(1);
      expect(await touching(['hall', 'ups'], 60_000, 90_000)).toBe(1);
      expect(await touching(['ups'], 0, 90_000)).toBe(0);
      expect(await touching([], 60_001, 90_000)).toBe(0);
      // Many at once, each with its own answer, in their order; more than one query holds.
      const windows = Array.from({ length: 250 }, (_, place) => (place % 2 === 0 ? 0 : 60_001));
      const each = await running.incidents.incidentsTouching(
        windows.map((from) => ({ site: 'dc', rooms: [], from: monday + from, to: monday + from + 1 })),
      );
      expect(each.map(({ length }) => length)).toEqual(windows.map((from) => (from === 0 ? 1 : 0)));
      expect(await touching([], -90_000, 0)).toBe(0);
      expect(await touching([], 0, 90_000, 'smart-dc')).toBe(0);
    });
  });

  describe('a flood', () => {
    it('of a whole hall is one incident, told in few words and written in few transactions', async () => {
      const racks = Array.from({ length: 264 }, (_, number) => `dc/env-${number}/temperature`);
      const wide = smallModel({ rules: [hot], points: racks.map((id) => ({ id, quantity: 'temperature' })) });
      const running = await run(path, wide);
      const told: IncidentSummary[] = [];
      running.incidents.onChange((summary) => told.push(summary));
      for (let batch = 0; batch < 264; batch += 24)
        running.say(Object.fromEntries(racks.slice(batch, batch + 24).map((id) => [id, 28 + batch / 100])));
      expect(await only(running)).toMatchObject({ active: 264, total: 264, worst: { worst: 30.4 } });
      expect(told.map(({ active }) => active)).toEqual([264]);
      running.say(Object.fromEntries(racks.map((id) => [id, 20])));
      expect(await only(running)).toMatchObject({ state: 'returned', active: 0, total: 264 });
      expect(told.map(({ active }) => active)).toEqual([264, 0]);
    });
  });

  it('groups a flood in rounds when one takes long, and at once for whoever reads', async () => {
    const clock = createFakeClock(monday);
    let spentMs = 0;
    // Every look at the clock finds that time was spent.
    const busy = { ...clock, monotonic: () => clock.monotonic() + (spentMs += 10) };
    const running = await run(path, model, { clock: busy });
    const told: number[] = [];
    running.incidents.onChange(({ total }) => told.push(total));
    running.say({ [t1]: 28 });
    await untilPasses(() => expect(told).toEqual([1]));
    running.say({ [t2]: 28 });
    expect((await running.incidents.list({ state: 'open', limit: 1 }))[0]).toMatchObject({ total: 2 });
    running.say({ 'dc/env-1/link': 0 });
    expect(running.incidents.openCount()).toBe(1);
    await clock.advance(1_000);
    expect(running.incidents.openCount()).toBe(2);
  });

  describe('a store that fails', () => {
    it('is spoken of, hides nothing from people, and gets everything once it is back', async () => {
      const running = await run(path, model);
      const told: string[] = [];
      running.incidents.onChange(({ state }) => told.push(state));
      await running.db.schema.alterTable('incident_event').renameTo('away').execute();
      running.say({ [t1]: 28 });
      await untilPasses(() => expect(told).toEqual(['open']));
      expect(running.incidents.problem()).toMatch(/cannot write: .*incident_event/);
      running.say({ [t1]: 20 });
      await running.db.schema.alterTable('away').renameTo('incident_event').execute();
      await untilPassesInTime(running.clock, 2_000, () =>
        expect(running.incidents.problem()).toBeUndefined(),
      );
      expect(story(await only(running))).toEqual([`opened ${t1}`, `alarm-returned ${t1}`, 'returned']);
    });
  });
});
