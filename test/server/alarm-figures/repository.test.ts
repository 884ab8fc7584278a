import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFigureRepository, type FigureRepository } from '../../../server/alarm-figures/repository.ts';
import { createAlarmFigures } from '../../../server/alarm-figures/service.ts';
import { openDatabase } from '../../../server/db/database.ts';
import { inChunks } from '../../../server/db/rows.ts';
import type { Database } from '../../../server/db/schema.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { smallModel, temperatureHigh } from '../alarms/small-model.ts';
import {
  day,
  entry,
  hour,
  incidentRow,
  journalRows,
  minute,
  second,
  start,
  type EntrySketch,
} from './support.ts';

const rule = temperatureHigh.rule;
const hot = (place: string): string => `${rule}@dc/${place}/temperature`;
const model = smallModel({
  rules: [temperatureHigh],
  points: [{ id: 'dc/env-1/temperature', quantity: 'temperature' }],
});

forEachDatabase('the figures of the alarm system', (database) => {
  let db: Database;
  let repository: FigureRepository;
  beforeEach(async () => {
    db = await openDatabase(database.where());
    repository = createFigureRepository(db, 4);
  });
  afterEach(() => db.destroy());

  async function journal(sketches: readonly EntrySketch[]): Promise<void> {
    const rows = journalRows(sketches.map((sketch) => entry({ alarm: hot('env-1'), ...sketch })));
    await inChunks(rows, (chunk) => db.insertInto('alarm_journal').values(chunk).execute());
  }

  async function occurrence(alarm: string, since: number, until: number | null): Promise<void> {
    await db
      .insertInto('alarm_occurrence')
      .values({
        alarm, number: 1, point: 'p', owner: 'o', unit: '°C', since_at: since, until_at: until,
        value: 28, worst: 29, state: null, limit_value: 27, version: 1,
      })
      .execute(); // prettier-ignore
  }

  async function incident(id: string, at: number, alarm: string): Promise<void> {
    await db.insertInto('incident').values(incidentRow(id, { at, rule })).execute();
    await db
      .insertInto('incident_alarm')
      .values({ incident: id, alarm, occurrence: 1, position: 1, linked_at: at, pinned: 0, moved_to: null, because: null, version: 1 })
      .execute(); // prettier-ignore
  }

  it('reads more than a page of the journal, each entry once, in the order of time', async () => {
    const sketches = Array.from({ length: 13 }, (_, place): EntrySketch => ({
      // Two of them at the same moment, and each second one earlier than the one before.
      at: start + (place % 2 === 0 ? place : place - 3) * second,
      why: 'raise',
    }));
    await journal(sketches);
    const seen: number[] = [];
    for await (const page of repository.journal({ from: start, to: start + 12 * second }))
      seen.push(...page.map((each) => each.server_at));
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    const inside = sketches.filter(({ at }) => at >= start && at < start + 12 * second);
    expect(seen).toHaveLength(inside.length);
  });

  it("leaves out the server's own trial alarm", async () => {
    await journal([
      { at: start, why: 'raise', alarm: 'trial@dc/server/trial' },
      { at: start + second, why: 'raise' },
    ]);
    const seen: string[] = [];
    for await (const page of repository.journal({ from: start, to: start + hour }))
      seen.push(...page.map(({ alarm }) => alarm));
    expect(seen).toEqual([hot('env-1')]);
  });

  it('finds what stands for more than 24 hours, and when it was hidden', async () => {
    await occurrence(hot('long'), start - day, start + 3 * day);
    await occurrence(hot('still'), start, null);
    await occurrence(hot('short'), start, start + day);
    await occurrence(hot('before'), start - 5 * day, start - 2 * day);
    await occurrence(hot('fresh'), start + 30 * day - hour, null);
    await journal([
      { at: start + hour, why: 'shelve', alarm: hot('still') },
      { at: start + 2 * hour, why: 'unshelve', alarm: hot('still') },
      { at: start + hour, why: 'raise', alarm: hot('long') },
    ]);
    const period = { from: start, to: start + 30 * day };
    const found = await repository.standing(period);
    expect(found.map(({ alarm }) => alarm)).toEqual([hot('long'), hot('still')]);
    const changes = await repository.hiding([hot('long'), hot('still')], period.to);
    expect(changes.map(({ to_state: state }) => state)).toEqual(['acknowledged+shelved', 'acknowledged']);
  });

  it('judges a site on its journal, and lists its bad actors with what would help', async () => {
    const blinks = Array.from({ length: 4 }, (_, place): EntrySketch[] => [
      { at: start + place * 20 * second, why: 'raise' },
      { at: start + place * 20 * second + 2 * second, why: 'return' },
    ]).flat();
    await journal([...blinks, { at: start + day, why: 'raise', alarm: 'gone@dc/env-9/humidity' }]);
    const figures = createAlarmFigures({ model, clock: { now: () => start + 31 * day }, repository });
    const view = await figures.read({ from: start, to: start + 30 * day });
    const dc = view.sites.find(({ site }) => site === 'dc');
    expect(dc).toMatchObject({ days: 30, annunciated: 5, peak: { count: 4 } });
    expect(dc?.priorities).toMatchObject({ unknown: 1 });
    expect(view.items.find(({ site, figure }) => site === 'dc' && figure === 'chattering')).toMatchObject({
      value: 1,
      verdict: 'missed',
    });
    expect(view.items.filter(({ site }) => site === 'smart-dc').map(({ verdict }) => verdict)).not.toContain('met'); // prettier-ignore
    expect(view.actors[0]).toMatchObject({
      alarm: hot('env-1'),
      kinds: ['worst-ten', 'chattering', 'fleeting'],
      annunciated: 4,
      advice: 'deadband',
      delay: { seconds: 30, spares: 3, of: 4 },
      work: null,
      recurred: false,
    });
  });

  it('takes no future for data, and nothing of before the journal began', async () => {
    await journal([{ at: start + 20 * day, why: 'raise' }]);
    const figures = createAlarmFigures({ model, clock: { now: () => start + 25 * day }, repository });
    const view = await figures.read({ from: start, to: start + 60 * day, site: 'dc' });
    expect(view.sites.map(({ days }) => days)).toEqual([5]);
    expect(new Set(view.items.map(({ verdict }) => verdict))).toEqual(new Set(['too-short']));
  });

  it('keeps every step of the work on an alarm; the latest counts, and a return is noticed', async () => {
    await journal([{ at: start + 3 * hour, why: 'raise' }]);
    const row = { alarm: hot('env-1'), assignee: 'ana', note: null, actor: 'budi' };
    await repository.addWork({ ...row, id: '1', state: 'assigned', at: start });
    await repository.addWork({ ...row, id: '2', state: 'done', at: start + hour, note: 'deadband 1 °C' });
    expect((await repository.workOf(hot('env-1'))).map(({ state }) => state)).toEqual(['done', 'assigned']);
    const figures = createAlarmFigures({ model, clock: { now: () => start + day }, repository });
    const { actors } = await figures.read({ from: start, to: start + day });
    expect(actors[0]).toMatchObject({ work: { state: 'done', note: 'deadband 1 °C' }, recurred: true });
  });

  it('counts false alarms by their latest mark, by rule and by alarm', async () => {
    for (const [id, at] of [['a', start], ['b', start + minute], ['c', start - minute]] as const)
      await incident(id, at, hot('env-1')); // prettier-ignore
    const mark = (id: string, of: string, marked: number) =>
      repository.addFalseAlarm({ id, incident: of, marked, reason: 'uap', at: start, actor: 'ana' });
    await mark('1', 'a', 1);
    await mark('2', 'b', 1);
    await mark('3', 'b', 0);
    await mark('4', 'c', 1);
    const period = { from: start, to: start + day };
    expect(await repository.falseAlarms(period)).toEqual([
      { site: 'dc', rule, nameId: 'Suhu', nameEn: 'Heat', incidents: 2, marked: 1 },
    ]);
    expect(await repository.falselyAlarming(period)).toEqual(new Map([[hot('env-1'), 1]]));
    expect(await repository.falseAlarm('b')).toMatchObject({ marked: 0 });
  });

  it('keeps the figures of a month as they were first written', async () => {
    await repository.addReport({ month: '2026-10', made_at: start, figures: '{"a":1}' });
    await repository.addReport({ month: '2026-10', made_at: start + day, figures: '{"a":2}' });
    expect(await repository.report('2026-10')).toBe('{"a":1}');
    expect((await repository.reports()).map(({ month }) => month)).toEqual(['2026-10']);
  });
});
