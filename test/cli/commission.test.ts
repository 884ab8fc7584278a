import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { compareDevice, verdictOf } from '../../cli/commission.ts';
import { openDatabase } from '../../server/db/database.ts';
import type { Database } from '../../server/db/schema.ts';
import { serveWalk } from '../../simulator/walk/serve.ts';
import { fieldModel, shippedProfile } from '../support/field.ts';

test.each([
  ['', { verdict: 'confirmed' }],
  ['  ', { verdict: 'confirmed' }],
  ['u', { verdict: 'unseen' }],
  [' 231,4 V ', { verdict: 'differs', shown: '231,4 V' }],
])('the answer "%s" to a value', (answer, expected) => {
  expect(verdictOf({ point: 'dc/ups-a1/output-voltage' }, answer)).toEqual({
    point: 'dc/ups-a1/output-voltage',
    ...expected,
  });
});

const walk = fileURLToPath(new URL('../profiles/ups/rfc1628.snmprec', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'pantau-commission-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

async function withDatabase<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  const db = await openDatabase(path.join(folder, 'operations.db'));
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

/** Compares a UPS, which is a replayed recording; the input ends where `answer` has none. */
async function compare(answer: (question: string, count: number) => string | undefined) {
  const agent = await serveWalk(walk);
  onTestFinished(() => agent.close());
  const access = { version: '2c', community: 'public' } as const;
  const address = { protocol: 'snmp', host: agent.host, port: agent.port, access } as const;
  const [device] = fieldModel([{ id: 'ups-1', profile: shippedProfile('ups/rfc1628'), address }]).devices;
  if (device === undefined) throw new Error('no device');
  const written: string[] = [];
  let count = 0;
  const code = await compareDevice(device, {
    environment: { PANTAU_DATA: folder, PANTAU_DATABASE_URL: undefined },
    person: 'ana',
    write: (text) => written.push(text),
    dialogue: () => ({
      ask: (question) => {
        written.push(question);
        return Promise.resolve(answer(question, (count += 1)));
      },
      close: () => undefined,
    }),
  });
  return { code, text: written.join('') };
}

test('a comparison in the shell is kept with its entry in the log, and proposes what would correct a value', async () => {
  await withDatabase(() => Promise.resolve());
  const { code, text } = await compare((question) =>
    question.includes('l1 output-voltage') ? '23,1' : question.includes('battery') ? 'u' : '',
  );
  expect(text).toMatch(/^What does the device’s own display show\?/);
  expect(text).toMatch(/\[1\/\d+\] .+ \(sent .+ at 1\.3\.6\.1\.2\.1\.33\..+\) = /);
  expect(text).toContain("the device's entry would say override: { l1/output-voltage: { scale: 0.1 } }");
  expect(text).toMatch(/kept as of shell:ana: \d+ values, 1 differ: it does not count as commissioned\n$/);
  expect(code).toBe(0);
  await withDatabase(async (db) => {
    const record = await db.selectFrom('commissioning').selectAll().executeTakeFirstOrThrow();
    expect(record).toMatchObject({ device: 't/ups-1', actor: 'shell:ana', differs: 1 });
    const entries = await db.selectFrom('audit_entry').selectAll().execute();
    expect(entries).toMatchObject([
      { id: record.id, actor: 'shell:ana', subject: 't/ups-1', path: '/commissioning/:site/:device' },
    ]);
    expect(entries[0]?.input).toContain(
      '{"point":"t/ups-1/l1/output-voltage","verdict":"differs","shown":"23,1"}',
    );
    const logged = await db.selectFrom('log_entry').select(['kind', 'ref']).execute();
    expect(logged).toContainEqual({ kind: 'audit', ref: record.id });
  });
});

test('an input that ends early keeps nothing, and says so', async () => {
  await withDatabase(() => Promise.resolve());
  const { code, text } = await compare((_question, count) => (count < 3 ? '' : undefined));
  expect(code).toBe(1);
  expect(text).toMatch(/the input ended before the last value; nothing is kept\n$/);
  expect(await withDatabase((db) => db.selectFrom('commissioning').selectAll().execute())).toEqual([]);
});

test('a folder that is no server’s is refused before anything is asked', async () => {
  await expect(compare(() => '')).rejects.toThrow(
    `${folder}/operations.db is not there: set PANTAU_DATA to the server's data folder`,
  );
});
