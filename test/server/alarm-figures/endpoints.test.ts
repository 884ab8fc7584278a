import { randomBytes } from 'node:crypto';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createImprovements } from '../../../server/alarm-figures/improvements.ts';
import { createFigureRepository } from '../../../server/alarm-figures/repository.ts';
import { createAlarmFigures } from '../../../server/alarm-figures/service.ts';
import { alarmFigureEndpoints } from '../../../server/api/endpoints/alarm-figures.ts';
import { alarmFiguresView } from '../../../server/contracts/alarm-figures.ts';
import { role } from '../../../server/contracts/common.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { mountEndpoints } from '../../../server/http/mount.ts';
import { smallModel, temperatureHigh } from '../alarms/small-model.ts';
import { capturedLog, serve, type Served } from '../support/http.ts';
import { day, entry, incidentRow, journalRows, start } from './support.ts';

const { rule } = temperatureHigh;
const alarm = `${rule}@dc/env-1/temperature`;
const model = smallModel({
  rules: [temperatureHigh],
  points: [{ id: 'dc/env-1/temperature', quantity: 'temperature' }],
});
const now = start + 10 * day;

let db: Database;
let server: Served;
beforeEach(async () => {
  db = await openDatabase(':memory:');
  const repository = createFigureRepository(db);
  const clock = { now: () => now };
  const app = express();
  mountEndpoints(
    app,
    alarmFigureEndpoints({
      model,
      clock,
      alarmFigures: createAlarmFigures({ model, clock, repository }),
      improvements: createImprovements({ repository, clock, randomBytes }),
    }),
    {
      identify: (request) => {
        const parsed = role.safeParse(request.headers['x-role']);
        return Promise.resolve(
          parsed.success ? { name: 'ana', role: parsed.data, by: 'session' } : undefined,
        );
      },
      session: () => ({ signIn: () => Promise.resolve(), signOut: () => Promise.resolve() }),
      log: capturedLog().log,
      checkOutput: true,
    },
  );
  server = await serve(app);
  await db
    .insertInto('alarm_journal')
    .values(journalRows([entry({ at: start, why: 'raise', alarm })]))
    .execute();
  await db
    .insertInto('alarm_occurrence')
    .values({
      alarm, number: 1, point: 'dc/env-1/temperature', owner: 'env-1', unit: '°C', since_at: start, until_at: null,
      value: 28, worst: 29, state: null, limit_value: 27, version: 1,
    })
    .execute(); // prettier-ignore
});
afterEach(async () => {
  await server.close();
  await db.destroy();
});

async function ask(path: string, user: string, body?: unknown) {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    headers: { 'x-role': user, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return { status: response.status, text, json: isJson ? (JSON.parse(text) as unknown) : undefined };
}

describe('figures of the alarm system over HTTP', () => {
  it('are of the last 30 days unless said otherwise, and not judged on ten', async () => {
    const view = alarmFiguresView.parse((await ask('/alarm-figures?site=dc', 'viewer')).json);
    expect(Date.parse(view.to) - Date.parse(view.from)).toBe(30 * day);
    expect(view.sites).toMatchObject([{ site: 'dc', days: 10, annunciated: 1, standing: 1 }]);
    expect(new Set(view.items.map(({ verdict }) => verdict))).toEqual(new Set(['too-short']));
    expect(view.actors).toMatchObject([{ alarm, standingDays: 9, advice: 'repair' }]);
  });

  it('refuse a time that is none, and a site that there is not', async () => {
    const asked = async (query: string) => (await ask(`/alarm-figures?${query}`, 'viewer')).json;
    expect(await asked('from=2026-11-20T00:00:00Z&to=2026-11-19T00:00:00Z')).toMatchObject({ errors: [{ path: 'query.from', message: 'must be before "to"' }] }); // prettier-ignore
    expect(await asked('from=2020-01-01T00:00:00Z')).toMatchObject({ errors: [{ message: 'at most 366 days before "to"' }] }); // prettier-ignore
    expect(await asked('from=2030-01-01T00:00:00Z&to=2030-02-01T00:00:00Z')).toMatchObject({ errors: [{ message: 'must not be in the future' }] }); // prettier-ignore
    expect(await asked('site=dcc')).toMatchObject({ detail: expect.stringMatching(/did you mean "dc"/) });
    expect((await ask('/alarm-figures', 'wall')).status).toBe(403);
  });

  it('come as CSV, a line for each figure, and the work list as well', async () => {
    const figures = (await ask('/alarm-figures?site=dc&format=csv', 'viewer')).text.trim().split('\r\n');
    expect(figures).toHaveLength(12);
    expect(figures[0]).toContain('site,siteName,figure,name.id,name.en,value,unit,comparison,aim,source,verdict'); // prettier-ignore
    const work = (await ask('/alarm-figures/work?format=csv', 'viewer')).text;
    expect(work).toContain(alarm);
  });

  it('take up an alarm: assigned to somebody, done with what was done, every step kept', async () => {
    const set = (body: object, user = 'operator') => ask('/alarm-figures/work', user, { alarm, ...body });
    expect((await set({ state: 'assigned', assignee: 'ana' }, 'viewer')).status).toBe(403);
    expect((await set({ state: 'assigned' })).json).toMatchObject({ status: 409, detail: expect.stringMatching(/assignee/) }); // prettier-ignore
    expect((await set({ state: 'assigned', assignee: 'ana' })).status).toBe(200);
    expect((await set({ state: 'done' })).json).toMatchObject({ status: 409, detail: expect.stringMatching(/note/) }); // prettier-ignore
    const done = await set({ state: 'done', note: 'deadband 1 °C' });
    expect(done.json).toMatchObject({ entries: expect.arrayContaining([expect.objectContaining({ state: 'done', actor: 'ana' })]) }); // prettier-ignore
    const view = alarmFiguresView.parse((await ask('/alarm-figures', 'viewer')).json);
    expect(view.actors).toMatchObject([{ work: { note: 'deadband 1 °C' }, recurred: false }]);
    expect((await set({ alarm: 'none@dc/x/y', state: 'open' })).status).toBe(404);
  });

  it('count an incident that was marked as a false alarm, until the mark is taken back', async () => {
    await db
      .insertInto('incident')
      .values([
        incidentRow('i', { at: start, rule }),
        { ...incidentRow('j', { at: start, rule }), merged_into: 'i' },
      ])
      .execute();
    const mark = (marked: boolean, id = 'i') =>
      ask(`/incidents/${id}/false-alarm`, 'operator', { marked, reason: 'uap dari dapur' });
    const counted = async () =>
      alarmFiguresView.parse((await ask('/alarm-figures?site=dc', 'viewer')).json).sites[0]?.falseAlarms;
    expect(await counted()).toEqual({ incidents: 1, marked: 0, byRule: [] });
    expect((await mark(true)).json).toMatchObject({ marked: true, actor: 'ana', reason: 'uap dari dapur' });
    expect(await counted()).toMatchObject({ incidents: 1, marked: 1, byRule: [{ rule, marked: 1 }] });
    expect((await mark(true)).status).toBe(409);
    expect((await mark(true, 'j')).json).toMatchObject({ status: 409, detail: expect.stringMatching(/goes on as i/) }); // prettier-ignore
    expect((await mark(true, 'none')).status).toBe(404);
    expect((await mark(false)).json).toMatchObject({ marked: false });
    expect(await counted()).toMatchObject({ marked: 0 });
    expect((await ask('/incidents/i/false-alarm', 'viewer')).json).toMatchObject({ marked: false });
  });
});
