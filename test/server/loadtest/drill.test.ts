import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadTestView } from '../../../server/contracts/load-test-document.ts';
import { openPlantStates } from '../../../server/alarms/plant-states.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { loadTestRepository } from '../../../server/loadtest/repository.ts';
import { siteRoles } from '../../../server/loadtest/roles.ts';
import { hashOf } from '../../../server/loadtest/hash.ts';
import { localKeySigner } from '../../../server/loadtest/signing/local-key.ts';
import { createPrinter, type Print } from '../../../server/loadtest/print-thread.ts';
import { openLoadTests, type LoadTests } from '../../../server/loadtest/service.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { breaksOfPdfA3 } from '../../support/pdfa.ts';
import { peer } from '../../support/peers.ts';
import { madeKey, passphrase } from './keys.ts';
import { polledSite, quietParts } from './polled.ts';
import { silentLog } from '../../support/field.ts';
import { minute, morning, second, shippedModel, startField } from '../../simulator/support.ts';

const model = shippedModel();
const roles = siteRoles(model, 'dc');
const field = startField(model);
const polled = polledSite(field, model, roles);
const of = (id: string) => polled.of(id);
let db: Database;
let view: LoadTestView;
let service: LoadTests;
let open: (parts?: { readonly print?: Print }) => Promise<LoadTests>;
let ids = 0;
const sees = { seesNames: true };
const folder = mkdtempSync(join(tmpdir(), 'pantau-load-test-'));

async function reportOf(language: 'id' | 'en'): Promise<Uint8Array> {
  const pdf = await service.reports.pdf(view.id, { language, ...sees });
  if (pdf === undefined) throw new Error('no report');
  return pdf;
}

/** The drill of the simulator as it would be polled: six minutes before, four without PLN, ten after. */
function drill(): number {
  let now = morning;
  const run = (ms: number): void => {
    for (const end = now + ms; now < end;) {
      now += 2 * second;
      field.advance(now);
      polled.poll(now);
    }
  };
  run(6 * minute);
  field.startDrill('pln-outage', 'dc', now);
  run(4 * minute);
  field.stopDrill('pln-outage', 'dc');
  run(10 * minute);
  return now;
}

beforeAll(async () => {
  db = await openDatabase(':memory:');
  const now = drill();
  await db.insertInto('plant_state').values({ id: 'plan-1', state: 'load-test', site: 'dc', room: null, ticket: null, reason: 'uji', from_at: morning, to_at: morning + 60 * minute, created_by: 'andi', ended_at: null, ended_by: null }).execute(); // prettier-ignore
  const signer = localKeySigner(madeKey(now), passphrase, now);
  open = async (parts = {}) =>
    openLoadTests({
      model: { ...model, sites: model.sites.filter(({ id }) => id === 'dc') },
      profile: model.loadTest ?? expect.fail('no profile'),
      historian: polled.historian,
      repository: loadTestRepository(db),
      newId: (at) => `run-${at}-${(ids += 1)}`,
      clock: createFakeClock(now),
      log: silentLog,
      ...quietParts(db),
      ...parts,
      folder,
      signers: [signer],
      plantStates: await openPlantStates({ db, clock: createFakeClock(now), newId: String }),
    });
  service = await open();
  await service.look();
  // What is on record is not recognised a second time.
  await service.look();
  const [first, ...others] = await service.list({ limit: 10 });
  if (others.length > 0) throw new Error(`${others.length + 1} runs are on record`);
  view = (await service.dossier.view(first?.id ?? '', sees)) ?? expect.fail('nothing on record');
  await service.close();
}, 30_000);
afterAll(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true, force: true });
});

describe('a drill of four minutes', () => {
  it('is on record as a test that fails the 30 minutes', () => {
    expect([view.label, view.verdict]).toEqual(['test', 'fail']);
    expect(view.criteria.find(({ name }) => name === 'loaded-run')).toMatchObject({
      verdict: 'fail',
      limit: 30,
    });
  });

  it('has the figures that the raw readings give', () => {
    const lost = of('pln-a/l1/voltage').find(({ value }) => value < 100)?.at ?? 0;
    const there = of('ats-a/position').find(({ value }) => value === 2)?.at ?? 0;
    const peak = Math.max(
      ...of('genset-1/power').map(({ at }) =>
        ['genset-1', 'genset-2', 'genset-3'].reduce(
          (sum, id) => sum + (of(`${id}/power`).find((each) => each.at === at)?.value ?? 0),
          0,
        ),
      ),
    );
    const find = (phase: string, thing: string | null) =>
      view.phases.find((each) => each.phase === phase && each.thing === thing);
    expect(Date.parse(find('grid-off', null)?.from ?? '')).toBe(lost);
    expect(Date.parse(find('transfer', 'ats-a')?.to ?? '')).toBe(there);
    expect(view.criteria.find(({ name }) => name === 'start-transfer')?.value).toBe((there - lost) / second);
    expect(view.kwMax).toBeCloseTo(peak, 6);
    expect(view.coverage).toBeGreaterThan(99);
  });

  it('names the site and the machines as people do, by the plates in the configuration', () => {
    expect(view.identity).toMatchObject({
      siteName: 'DC',
      building: 'Gedung Syafrudin Prawiranegara I',
      duty: 'prime',
      redundancy: 'N+1',
    });
    expect(view.identity?.names['ats-a']).toEqual({ id: 'ATS A', en: 'ATS A' });
    expect(view.identity?.gensets[1]).toMatchObject({
      genset: 'genset-2',
      serial: 'SIM-DC-02',
      kw: 1000,
      kva: 1250,
      duty: 'prime',
    });
  });

  it('tells how the sets, the fuel and the batteries were before it and after it', () => {
    const of = (thing: string, quantity: string) =>
      view.conditions.find((each) => each.thing === thing && each.quantity === quantity);
    expect(of('genset-1', 'control-mode')).toMatchObject({ before: 'auto', after: 'auto' });
    const starts = of('genset-1', 'starts');
    expect(Number(starts?.after) - Number(starts?.before)).toBe(1);
    const level = of('tank-day-1', 'level');
    expect(Number(level?.before)).toBeGreaterThan(Number(level?.after));
  });

  it('is printed in both languages', async () => {
    for (const language of ['id', 'en'] as const) {
      const pdf = await reportOf(language);
      expect(Buffer.from(pdf.subarray(0, 5)).toString()).toBe('%PDF-');
      expect(pdf.byteLength).toBeGreaterThan(20_000);
      expect(breaksOfPdfA3(pdf)).toEqual([]);
    }
  });
});

describe('its report', () => {
  it('holds every reading inside, and its SHA-256 is that of the attached file', async (context) => {
    const pdfdetach = peer(context, 'pdfdetach');
    const file = join(folder, 'report.pdf');
    writeFileSync(file, await reportOf('id'));
    execFileSync(pdfdetach, ['-saveall', '-o', folder, file]);
    const csv = readFileSync(join(folder, `${view.id}-r1.csv`));
    expect(hashOf(csv)).toBe(view.sha256);
    expect(csv.toString().split('\n')[0]).toBe('point,time,value,quality');
    const peak = csv.toString().split('\n').filter((line) => line.startsWith('dc/genset-1/power,')).map((line) => Number(line.split(',')[2])); // prettier-ignore
    expect(Math.max(...peak)).toBe(view.sets.find(({ genset }) => genset === 'genset-1')?.kwMax);
  });

  it('is wholly English in English, with the units of the language', async (context) => {
    const pdftotext = peer(context, 'pdftotext');
    const text = (pdf: Uint8Array): string => execFileSync(pdftotext, ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' });
    const english = text(await reportOf('en'));
    expect(english).toContain('The maker');
    for (const word of ['acuan', 'redundansi', 'pabrikan', 'dtk', 'Genset dan', 'tidak terukur']) expect(english).not.toContain(word);
    const indonesian = text(await reportOf('id'));
    for (const word of ['dtk', 'SIM-DC-01', 'Genset 1 L1', 'UPS A1']) expect(indonesian).toContain(word);
    // Ids are nobody's names.
    expect(`${english}${indonesian}`).not.toMatch(/\b(genset|ats|ups|tank-day)-[a-z0-9]/);
  }); // prettier-ignore

  it('is the same when a thread prints it, and again when the next one is printed by that thread', async () => {
    const printer = createPrinter(createFakeClock(morning));
    const other = await open({ print: printer.print });
    // The file's own id differs each time.
    const bytes = (pdf: Uint8Array | undefined): string =>
      Buffer.from(pdf ?? [])
        .toString('latin1')
        .replace(/\/ID \[[^\]]*\]/, '');
    const expected = bytes(await reportOf('id'));
    printer.prepare();
    for (const _ of [1, 2])
      expect(bytes(await other.reports.pdf(view.id, { language: 'id', ...sees })) === expected).toBe(true);
    await other.close();
    await printer.close();
  });

  it('is a spreadsheet as well', async () => {
    const xlsx = await service.reports.xlsx(view.id, { language: 'id', ...sees });
    expect(Buffer.from(xlsx?.subarray(0, 2) ?? []).toString()).toBe('PK');
  });

  it('takes deficiencies until it is signed, stays as it was signed, and is corrected by a revision', async (context) => {
    const { dossier, reports } = service;
    const rule = { text: 'Aki genset 2 lemah\t😀 电池', owner: 'Tim ME', due: '2026-12-10' };
    expect(await dossier.addDeficiency(view.id, rule, 'andi')).toMatchObject({ dueAt: '2026-12-10T17:00:00.000Z' });
    expect(await dossier.proof(view.id, 1)).toMatchObject({ state: 'unsigned', signatures: [] });
    expect(view.transfers.map(({ ats, transfer }) => [ats, transfer?.value])).toEqual(
      ['ats-a', 'ats-b'].map((ats) => {
        const lost = Math.max(...['pln-a', 'pln-b'].map((pln) => of(`${pln}/l1/voltage`).find(({ value }) => value < 100)?.at ?? 0));
        return [ats, ((of(`${ats}/position`).find(({ value }) => value === 2)?.at ?? 0) - lost) / second];
      }),
    );
    const signed = await reports.sign(view.id, { form: 'application', user: 'andi' }, sees);
    expect(signed?.signatures).toMatchObject([{ form: 'application', signedBy: 'andi' }]);
    await expect(dossier.addDeficiency(view.id, rule, 'andi')).rejects.toThrow(/signed and stays/);
    await expect(reports.sign(view.id, { form: 'application', user: 'andi' }, sees)).rejects.toThrow(/already/);
    await expect(reports.sign(view.id, { form: 'bsre', user: 'andi' }, sees)).rejects.toThrow(/signing in pantau.yaml/);
    const both = await reports.sign(view.id, { form: 'local-key', user: 'sari' }, sees);
    expect(both?.signatures.map(({ evidence }) => evidence)).toEqual([null, 'CN=Pantau DC uji']);
    const file = join(folder, 'signed.pdf');
    writeFileSync(file, await reportOf('id'));
    expect(breaksOfPdfA3(readFileSync(file))).toEqual([]);
    const checked = spawnSync(peer(context, 'pdfsig'), ['-nocert', file], { encoding: 'utf8' });
    expect([checked.stdout, checked.stderr]).toEqual([expect.stringContaining('Signature is Valid.'), '']);

    const initials = await dossier.view(view.id, { seesNames: false });
    expect(initials?.signatures.map(({ signedBy, evidence }) => [signedBy, evidence])).toEqual([['a•••', null], ['s•••', null]]);
    const copy = await reports.pdf(view.id, { language: 'id', seesNames: false });
    const printed = execFileSync(peer(context, 'pdftotext'), ['-layout', '-', '-'], { input: copy ?? '', encoding: 'utf8' });
    expect(printed).toContain('a•••');
    expect(printed).not.toMatch(/\b(andi|sari)\b/);

    // What happens later changes nothing of what was signed.
    const [deficiency] = both?.deficiencies ?? [];
    await dossier.closeDeficiency(deficiency?.id ?? '', { actor: 'budi', closing: 'aki diganti' });
    expect((await dossier.view(view.id, sees))?.deficiencies).toMatchObject([{ closedAt: null }]);
    const proof = await dossier.proof(view.id, 1);
    expect(proof).toMatchObject({ state: 'signed', documentSha256: both?.sealed?.sha256, latestRevision: 1 });
    expect(JSON.stringify(proof)).not.toContain('Tim ME');

    // A plan that was not settled when the run was put on record is settled by its correction.
    const plan = { id: 'p', site: 'dc', from_at: morning, to_at: morning + 60 * minute, witnesses: '["Budi Santoso"]', ticket: null, note: null, checklist: '[]' };
    await db.insertInto('load_test_plan').values({ ...plan, plant_state: 'plan-1', test: null, created_by: 'andi', created_at: morning, cancelled_by: null, cancelled_at: null, cancelled_why: null }).execute();
    const corrected = await reports.correct(view.id, { reason: 'pelat nama diperbaiki', actor: 'budi' }, sees);
    expect(corrected).toMatchObject({ revision: 2, reason: 'pelat nama diperbaiki', madeBy: 'budi', sealed: null, signatures: [], sha256: view.sha256 });
    expect(corrected?.deficiencies).toMatchObject([{ closing: 'aki diganti' }]);
    expect(await service.plans.get('p')).toMatchObject({ state: 'done', test: view.id });
    expect((await dossier.view(view.id, { seesNames: false }))?.plan?.witnesses).toEqual(['B••• S•••']);
    await service.plans.didNotRun(view.id);
    expect(await service.plans.get('p')).toMatchObject({ test: null });
    expect(await dossier.view(view.id, sees, 1)).toMatchObject({ revision: 1, sealed: both?.sealed, deficiencies: [{ closedAt: null }] });
    expect(await dossier.proof(view.id, 1)).toMatchObject({ state: 'signed', latestRevision: 2 });

    await db.updateTable('load_test_revision').set({ sealed: JSON.stringify({ ...both, verdict: 'pass' }) }).where('revision', '=', 1).execute();
    expect(await dossier.proof(view.id, 1)).toMatchObject({ state: 'damaged' });
    const entries = await db.selectFrom('log_entry').select('kind').where('kind', '=', 'load-test-signature').execute();
    expect(entries).toHaveLength(2);
  }); // prettier-ignore
});
