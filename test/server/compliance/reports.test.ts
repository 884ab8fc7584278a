import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import readExcel from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarSchema } from '../../../config/schema/calendar.ts';
import { good } from '../../../core/reading.ts';
import { monthRange } from '../../../server/compliance/months.ts';
import { reportsView, reportView } from '../../../server/contracts/reports.ts';
import type { StoredReading } from '../../../server/historian/historian.ts';
import { dueMonths } from '../../../server/reports/schedule.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { peer } from '../../support/peers.ts';
import { incidentRow } from '../alarm-figures/support.ts';
import { shippedModel, startServer, type TestServer } from '../support/server.ts';

const hour = 3_600_000;
const { from, to } = monthRange('2026-11');
const model = shippedModel();
/** Tuesday 1 December 2026, 08.00 WIB: the first working moment. */
const due = to + 8 * hour;
const clock = createFakeClock(due - 60_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    model,
    clock,
    async prepare(db) {
      await db
        .insertInto('compliance_watch')
        .values({ id: 'w', site: 'dc', from_at: from, to_at: to - 6 * hour })
        .execute();
      await db
        .insertInto('compliance_change')
        .values({
          id: 'c',
          site: 'dc',
          row: 'racks',
          proof: 'inventory',
          at: from,
          verdict: 'holds',
          reason_id: '264 rak',
          reason_en: '264 racks',
        })
        .execute();
      const solved = { returned_at: from + 2 * hour, acknowledged_at: from + 1.5 * hour };
      await db
        .insertInto('incident')
        .values([
          {
            ...incidentRow('i1', { at: from + hour, rule: 'temperature-high' }),
            ...solved,
            due_at: from + 4 * hour,
          },
          {
            ...incidentRow('i2', { at: from + hour, rule: 'pln-source-lost' }),
            ...solved,
            due_at: from + 1.9 * hour,
            title_id: 'PLN A padam di DC',
            title_en: 'PLN A lost at DC',
          },
          { ...incidentRow('i3', { at: from - hour, rule: 'temperature-high' }), ...solved },
        ])
        .execute();
    },
  });
  await server.historian.append(readings());
});
afterAll(() => server.close());

/** Two hours of a month: racks of the DC, its tanks, its meters. */
function readings(): StoredReading[] {
  const all: StoredReading[] = [];
  const add = (point: string, value: (at: number) => number | undefined): void => {
    if (!model.pointById.has(point)) throw new Error(`the shipped configuration has no point ${point}`);
    for (let at = from; at < from + 2 * hour; at += 10_000) {
      const reading = value(at);
      if (reading !== undefined) all.push({ point, at, value: reading, quality: good });
    }
  };
  add('dc/env-a01/temperature', (at) => (at < from + hour ? 22.5 : 28.4) + (at % 7) / 100);
  add('dc/env-a01/humidity', (at) => 45 + (at % 7) / 10);
  // feed A is lost for the second hour and its meter with it; B carries. A-02: both show nothing for half an hour.
  add('dc/pdu-a01-a/power', (at) => (at < from + hour ? 2 : undefined));
  add('dc/pdu-a01-b/power', () => 2);
  for (const feed of ['a', 'b']) add(`dc/pdu-a02-${feed}/power`, (at) => (at >= from + 1.5 * hour ? 0 : 1));
  for (const tank of ['tank-monthly', 'tank-day-1', 'tank-day-2'])
    add(`dc/${tank}/level`, (at) => 800 - (at - from) / hour);
  return all;
}

async function text(report: string, name: string): Promise<string> {
  const file = join(server.dataDir, 'reports', report, name);
  if (process.env['PANTAU_LOOK'] !== undefined) {
    await mkdir(process.env['PANTAU_LOOK'], { recursive: true });
    await writeFile(join(process.env['PANTAU_LOOK'], name), await readFile(file));
  }
  const { stdout, status, stderr } = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

async function list() {
  return reportsView.parse((await server.api('/reports', { role: 'viewer' })).json);
}

describe('monthly reports', () => {
  it('are due from the first working moment after their month on, older ones at once', () => {
    const calendars = [calendarSchema.parse({ year: 2026, zone: 'Asia/Jakarta', workingHours: { from: '08:00', to: '17:00' }, source: 'test', holidays: ['2026-12-01'], jointLeave: [] })];
    const first = monthRange('2026-09').from + hour;
    expect(dueMonths({ first, now: due, calendars })).toEqual(['2026-09', '2026-10']);
    expect(dueMonths({ first, now: due + 24 * hour, calendars })).toEqual(['2026-09', '2026-10', '2026-11']);
    expect(dueMonths({ first: to, now: due + 24 * hour, calendars })).toEqual([]);
    expect(dueMonths({ first: 0, now: due, calendars })).toHaveLength(12);
  });

  it('are made by themselves, once, and not before they are due', async () => {
    const { schedule } = server.httpOptions.monthlyReports;
    await schedule.look();
    expect(schedule.problem()).toBeNull();
    expect((await list()).items).toEqual([]);
    await clock.advance(60_000);
    await schedule.look();
    await schedule.look();
    const view = await list();
    expect(view).toMatchObject({ making: null, problem: null, unsent: 'no-mail-server' });
    expect(view.items.map(({ kind, site, month, revision, madeBy }) => [kind, site, month, revision, madeBy].join(' ')).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'compliance dc 2026-11 1 server',
      'compliance drc 2026-11 1 server',
      'compliance smart-dc 2026-11 1 server',
      'operations  2026-11 1 server',
    ]);
    expect(view.items[0]?.deliveries).toMatchObject([{ person: 'manajer', state: 'waiting', sentAt: null }]);
  });

  it('are files that can be proven, and whose damage is found', async () => {
    const report = (await list()).items.find(({ site }) => site === 'dc');
    expect(report?.files.map(({ name }) => name)).toEqual([
      'compliance-dc-2026-11-r1.pdf', 'compliance-dc-2026-11-r1.xlsx', 'kepatuhan-dc-2026-11-r1.pdf', 'kepatuhan-dc-2026-11-r1.xlsx',
    ]);
    const [file] = report?.files ?? [];
    const path = join(server.dataDir, 'reports', report?.id ?? '', file?.name ?? '');
    const bytes = await readFile(path);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(file?.sha256);
    const answer = await server.api(`/reports/${report?.id}/files/${file?.name}`, { role: 'viewer' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    await writeFile(path, Buffer.concat([bytes, Buffer.from('x')]));
    expect((await server.api(`/reports/${report?.id}/files/${file?.name}`, { role: 'viewer' })).status).toBe(410);
    await writeFile(path, bytes);
    expect((await server.api(`/reports/${report?.id}/files/..%2Fx`, { role: 'viewer' })).status).toBe(404);
  });

  it('say what was measured and what is not known, in both languages', async (context) => {
    peer(context, 'pdftotext');
    const report = (await list()).items.find(({ site }) => site === 'dc');
    const page = await text(report?.id ?? '', 'kepatuhan-dc-2026-11-r1.pdf');
    expect(page).toMatch(/Laporan kepatuhan BAB IV, DC/);
    expect(page).toMatch(/SIMULASI/);
    expect(page).toMatch(/Suhu ruang data\s+Tidak\s+49,6 %/);
    expect(page).toMatch(/A-01 28,5 °C/);
    expect(page).toMatch(/ada uji beban/);
    expect(page).toMatch(/RTI tidak diukur/);
    const english = await text(report?.id ?? '', 'compliance-dc-2026-11-r1.pdf');
    expect(english).toMatch(/Does not hold/);
    expect(english).not.toMatch(/undefined|NaN|Infinity|\[object/);
    const sheets = await readExcel(await readFile(join(server.dataDir, 'reports', report?.id ?? '', 'kepatuhan-dc-2026-11-r1.xlsx')));
    const [first] = sheets;
    expect(JSON.stringify(first)).toContain('BAB IV.1.1');
  });

  it('of operations count incidents of the month, their SLA, racks that were dark, and fuel', async (context) => {
    const answer = await server.api('/operations?month=2026-11', { role: 'viewer' });
    expect(answer.json).toMatchObject({
      sites: [
        {
          site: 'dc',
          priorities: [{ priority: 'P1', count: 2, kept: 1, broken: 1, open: 0, resolve: { median: hour, p90: hour, count: 2 } }, {}, {}, {}, {}],
          broken: [{ id: 'i2', title: { id: 'PLN A padam di DC' } }],
          availability: { racks: 264, unused: 262, dark: [{ rack: 'A-02' }] },
          energy: { pue: null, category: null },
          fuel: { usedLitres: 3, refilledLitres: 0, startLitres: 2397, capacityLitres: 14_000 },
        },
        {}, {},
      ],
    });
    peer(context, 'pdftotext');
    const report = (await list()).items.find(({ kind }) => kind === 'operations');
    const page = await text(report?.id ?? '', 'operasional-2026-11-r1.pdf');
    expect(page).toMatch(/Laporan operasional bulanan, November 2026/);
    // The root of the log stands on paper, as it was signed.
    expect(page).toMatch(/Akar \(RFC 6962\)\s+\S{43}=/);
    expect(page).toMatch(/PLN A padam di DC/);
    expect(page).toMatch(/tidak diketahui: belum cukup terukur/);
    expect(await text(report?.id ?? '', 'operations-2026-11-r1.pdf')).not.toMatch(/undefined|NaN|Infinity|\[object/);
  });

  it('are made again as another revision, with a reason, and never of a month that runs', async () => {
    const make = (body: object, role: 'manager' | 'operator' = 'manager') => server.api('/reports', { method: 'POST', role, body });
    const asked = { kind: 'compliance', site: 'dc', month: '2026-11' };
    expect((await make(asked, 'operator')).status).toBe(403);
    expect((await make(asked)).json).toMatchObject({ status: 409, detail: expect.stringMatching(/give the reason/) });
    expect((await make({ ...asked, month: '2026-12' })).json).toMatchObject({ status: 409, detail: expect.stringMatching(/not over/) });
    expect((await make({ kind: 'compliance', month: '2026-11' })).status).toBe(400);
    const made = reportView.parse((await make({ ...asked, reason: 'dokumen menyusul' })).json);
    expect(made).toMatchObject({ revision: 2, reason: 'dokumen menyusul', madeBy: 'token:manager' });
    expect((await list()).items.filter(({ site }) => site === 'dc')).toHaveLength(2);
  });
}); // prettier-ignore
