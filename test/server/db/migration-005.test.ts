import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { replay } from '../../../server/alarms/journal.ts';
import { readAlarms } from '../../../server/alarms/repository.ts';
import { fire, smallModel, temperatureHigh } from '../alarms/small-model.ts';
import { monday, run, type Running } from '../incidents/running.ts';

/** The schema that migrations 001 to 004 made, as far as incidents go. */
const oldSchema = `
  create table kysely_migration (name varchar(255) not null primary key, timestamp varchar(255) not null);
  create table kysely_migration_lock (id varchar(255) not null primary key, is_locked integer not null default 0);
  insert into kysely_migration values ('001-auth', '1'), ('002-access', '2'), ('003-incidents', '3'), ('004-collectors', '4');
  insert into kysely_migration_lock values ('migration_lock', 0);
  create table setting (key text primary key, value text not null);
  create table "user" (name text primary key, password text not null, role text not null, created_at bigint not null);
  create table session (id text primary key, user_name text, data text not null, expires_at bigint not null);
  create table token (id text primary key, name text not null unique, role text not null, hash text not null unique, created_at bigint not null, expires_at bigint, sites text);
  create table ticket (id text primary key, service text not null, site text not null, unit text not null, pic text not null, accompanied integer not null,
    persons text not null, activity text not null, from_at bigint not null, to_at bigint not null, superior_email text not null, created_at bigint not null, created_by text not null);
  create table incident (id text primary key, site text not null, room text, rule text not null, name_id text not null, name_en text not null,
    discipline text not null, urgency text not null, impact text not null, priority text not null, clause text not null, opened_at bigint not null,
    due_at bigint not null, acknowledged_at bigint, acknowledged_by text, resolved_at bigint, active integer not null, total integer not null, worst_alarm text);
  create index incident_resolved_at on incident (resolved_at);
  create table alarm (id text primary key, incident text not null references incident (id), rule text not null, point text not null, owner text not null,
    unit text not null, since_at bigint not null, until_at bigint, value double precision, worst double precision, state text, limit_value double precision,
    latched integer not null, acknowledged integer not null);
  create table incident_event (id text primary key, incident text not null references incident (id), at bigint not null, kind text not null,
    actor text, point text, value double precision, note text);
`;

const hot = { ...temperatureHigh, onDelay: '0s', offDelay: '0s' };
const [t1, t2, smoke] = ['dc/env-1/temperature', 'dc/env-2/temperature', 'dc/vesda/alarm-level'];
const model = smallModel({
  rules: [hot, fire],
  points: [
    { id: t1, quantity: 'temperature' },
    { id: t2, quantity: 'temperature' },
    { id: smoke, quantity: 'alarm-level', unit: 'state', states: new Map([[0, 'normal'], [4, 'fire-1']]) }, // prettier-ignore
  ],
});

let folder = '';
let running: Running;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pantau-migration-'));
  const path = join(folder, 'operations.db');
  const old = new DatabaseSync(path);
  old.exec(oldSchema);
  const incident = (id: string, rule: string, rest: string): void =>
    old.exec(
      `insert into incident values ('${id}', 'dc', 'hall', '${rule}', 'n', 'n', 'cooling', 'sedang', 'tinggi', 'P2', 'c', ${monday}, ${monday + 9}, ${rest})`,
    );
  incident('i1', hot.rule, `null, null, ${monday + 5}, 0, 1, 'i1-1'`);
  incident('i2', hot.rule, `${monday + 3}, 'ana', null, 2, 2, 'i2-2'`);
  incident('i3', 'fire', `null, null, null, 1, 1, 'i3-1'`);
  // A fault of that version: over, but open with one active forever.
  incident('i4', hot.rule, `null, null, null, 1, 1, 'i4-1'`);
  const alarm = (id: string, rule: string, point: string, rest: string): void =>
    old.exec(
      `insert into alarm values ('${id}', '${id.slice(0, 2)}', '${rule}', '${point}', 'env', '°C', ${monday}, ${rest})`,
    );
  alarm('i1-1', hot.rule, t1, `${monday + 5}, 28, 29, null, 27, 0, 0`);
  alarm('i2-1', hot.rule, t1, `null, 28, 28.5, null, 27, 0, 1`);
  alarm('i2-2', hot.rule, t2, `null, 28, 31, null, 27, 0, 0`);
  alarm('i3-1', 'fire', smoke, `${monday + 2}, 4, 4, 'fire-1', null, 1, 0`);
  alarm('i4-1', hot.rule, 'dc/gone/temperature', `${monday + 1}, 28, 28, null, 27, 0, 0`);
  old.exec(`insert into incident_event values ('i1-00000001', 'i1', ${monday}, 'opened', null, '${t1}', 28, null),
    ('i1-00000002', 'i1', ${monday + 6}, 'noted', 'ana', null, null, 'sudah'), ('i2-00000001', 'i2', ${monday}, 'opened', null, '${t1}', 28, null)`);
  old.close();
  running = await run(path, model);
});
afterAll(async () => {
  await running.db.destroy();
  await rm(folder, { recursive: true, force: true });
});

it('what stood in an installed database goes on standing in the same incidents, acknowledged as before', async () => {
  const open = await running.incidents.list({ state: 'open', limit: 10 });
  expect(open.map(({ id, active, unacknowledged }) => [id, active, unacknowledged])).toEqual([
    // The stored priority was too low for a fire: it is raised, and comes first.
    ['i3', 1, 1],
    ['i2', 2, 1],
  ]);
  expect(open[1]).toMatchObject({ acknowledgedBy: 'ana', worst: { point: t2, worst: 31 } });
  expect(running.alarms.list('annunciated').map(({ id, alarmState }) => [id, alarmState])).toEqual([
    [`fire@${smoke}`, 'latched-unacknowledged'],
    [`temperature-high@${t1}`, 'acknowledged'],
    [`temperature-high@${t2}`, 'unacknowledged'],
  ]);
});

it('what was resolved is history with its timeline, and an incident left open by a fault is resolved', async () => {
  expect(await running.incidents.get('i1')).toMatchObject({
    state: 'resolved',
    unacknowledged: 0,
    alarms: [{ point: t1, worst: 29 }],
    timeline: [{ kind: 'opened' }, { kind: 'noted', actor: 'ana', note: 'sudah' }],
  });
  expect(await running.incidents.get('i4')).toMatchObject({ state: 'resolved', active: 0 });
});

it('every alarm’s journal leads to its state', async () => {
  await running.incidents.list({ limit: 1 });
  const { facts } = await readAlarms(running.db);
  expect(facts.size).toBe(4);
  for (const [key, state] of facts) {
    const rows = await running.db
      .selectFrom('alarm_journal').selectAll().where('alarm', '=', key).orderBy('sequence').execute(); // prettier-ignore
    const replayed = replay(rows);
    expect({ ...replayed, occurrence: null }, key).toEqual({ ...state, occurrence: null });
    expect(replayed.occurrence?.since, key).toBe(state.occurrence?.since);
    expect(replayed.occurrence?.until, key).toBe(state.occurrence?.until);
  }
});
