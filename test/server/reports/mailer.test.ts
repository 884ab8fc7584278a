import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { createEmailChannel } from '../../../server/notify/email.ts';
import { createKeptReports, type KeptReports } from '../../../server/reports/kept.ts';
import { createReportMailer, type ReportMailer } from '../../../server/reports/mailer.ts';
import { createReportRepository } from '../../../server/reports/repository.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { capturedLog } from '../support/http.ts';

const mails: string[] = [];
const faults: number[] = [];
/** Refuses once for each number in `faults`. */
const smtp = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData(stream, _session, done) {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const responseCode = faults.shift();
      if (responseCode === undefined) mails.push(Buffer.concat(chunks).toString());
      done(responseCode === undefined ? undefined : Object.assign(new Error('not now'), { responseCode }));
    });
  },
});

const clock = createFakeClock();
let folder = '';
let db: Database;
let kept: KeptReports;
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const address = smtp.server.address();
  url = `smtp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  folder = await mkdtemp(join(tmpdir(), 'pantau-report-mails-'));
  db = await openDatabase(':memory:');
  let made = 0;
  kept = createKeptReports({
    repository: createReportRepository(db),
    folder,
    clock,
    newId: () => `id-${String((made += 1)).padStart(3, '0')}`,
  });
});
afterAll(async () => {
  await db.destroy();
  await rm(folder, { recursive: true });
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
});

function mailer(isSetUp = true): ReportMailer {
  return createReportMailer({
    kept,
    channel: isSetUp ? createEmailChannel({ url, from: 'pantau@pantau.example', domain: 'pantau.example' }) : undefined,
    persons: [{ person: 'manajer', name: 'Eko Prasetyo', language: 'id', email: 'eko@pantau.example' }],
    publicUrl: 'https://pantau.example',
    clock,
    log: capturedLog().log,
  }); // prettier-ignore
}

async function look(by: ReportMailer): Promise<void> {
  by.tick();
  await by.settled();
}

async function keepReport(person: string): Promise<string> {
  const files = (['id', 'en'] as const).map((language) => ({
    name: `kepatuhan-${language}.pdf`,
    type: 'application/pdf',
    language,
    bytes: Buffer.from('%PDF-1.7'),
  }));
  const head = await kept.keep({
    kind: 'compliance', site: 'dc', month: '2026-10', reason: null, madeBy: 'server', data: '{}',
    files: () => Promise.resolve(files),
    mails: [{ person, subject: 'Laporan kepatuhan', text: 'Terpenuhi: 20 <baris>.' }],
  }); // prettier-ignore
  return head.id;
}

const stateOf = async (report: string) =>
  (await kept.repository.deliveries([report])).map(({ state, attempts }) => [state, attempts]);

it('a mail about a report waits while no mail server is set up, and is sent once, with the Indonesian files and a link, when there is one', async () => {
  const report = await keepReport('manajer');
  const without = mailer(false);
  await look(without);
  expect(await stateOf(report)).toEqual([['waiting', 0]]);
  await without.close();

  const first = mailer();
  await look(first);
  expect(await stateOf(report)).toEqual([['sent', 1]]);
  await first.close();
  // After a restart it is known that it was sent.
  const second = mailer();
  await look(second);
  await second.close();
  expect(mails).toHaveLength(1);
  expect(mails[0]).toContain('filename=kepatuhan-id.pdf');
  expect(mails[0]).not.toContain('kepatuhan-en.pdf');
  expect(mails[0]).toContain('https://pantau.example/kepatuhan/laporan');
  expect(mails[0]).toContain('20 &lt;baris&gt;');
});

it('what the mail server refuses for now is tried again later, and what it refuses for good is not', async () => {
  const one = mailer();
  const later = await keepReport('manajer');
  faults.push(451);
  await look(one);
  expect(await stateOf(later)).toEqual([['waiting', 1]]);
  await clock.advance(120_000);
  await look(one);
  expect(await stateOf(later)).toEqual([['sent', 2]]);

  const never = await keepReport('manajer');
  faults.push(550);
  await clock.advance(60_000);
  await look(one);
  expect(await stateOf(never)).toEqual([['failed', 1]]);
  await one.close();
});

it('a person who is not configured any more is a failure that the page shows', async () => {
  const report = await keepReport('nobody');
  const one = mailer();
  await look(one);
  const [row] = await kept.repository.deliveries([report]);
  expect(row).toMatchObject({ state: 'failed', answer: 'the person is not in people.yaml any more' });
  await one.close();
});
