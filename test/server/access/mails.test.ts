import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { page } from '../../../server/contracts/common.ts';
import { seriesView } from '../../../server/contracts/ticket-series.ts';
import { ticketDetails, ticketView } from '../../../server/contracts/tickets.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { untilPasses } from '../../support/until-passes.ts';

interface Mail {
  readonly to: readonly string[];
  readonly text: string;
}
const mails: Mail[] = [];
const faults: number[] = [];
/** A mail server as the ministry's; refuses once for each number in `faults`. */
const smtp = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData(stream, session, done) {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const responseCode = faults.shift();
      if (responseCode === undefined)
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: readable(Buffer.concat(chunks).toString()) });
      done(responseCode === undefined ? undefined : Object.assign(new Error('not now'), { responseCode }));
    });
  },
}); // prettier-ignore

/** Quoted-printable undone: letters beyond ASCII do not matter here. */
function readable(text: string): string {
  return text.replaceAll(/=\r\n/g, '').replaceAll('=3D', '=');
}

let server: TestServer;
beforeAll(async () => {
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const address = smtp.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  server = await startServer({ smtpUrl: `smtp://127.0.0.1:${port}` });
});
afterAll(async () => {
  await server.close();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
});

const nik = '3171012309870004';
const hours = (count: number): string => new Date(Date.now() + count * 3_600_000).toISOString();
const request = {
  site: 'dc', rooms: ['hall-1'], unit: 'Biro TIK', pic: 'Ana', accompanied: true, activity: 'Ganti disk',
  persons: [{ name: 'Budi', identity: nik, party: 'third-party' }], from: hours(20), to: hours(21),
  superiorEmail: 'kabag@example.go.id', picEmail: 'ana@example.go.id',
}; // prettier-ignore
const post = (path: string, body: unknown) => server.api(path, { method: 'POST', role: 'manager', body });
const arrived = (count: number) => untilPasses(() => expect(mails).toHaveLength(count));

it('every step is a mail to the PIC with the superior in CC, in one thread, without identities', async () => {
  const ticket = ticketDetails.parse((await post('/tickets', request)).json);
  await arrived(1);
  const [first] = mails;
  expect(first?.to).toEqual(['ana@example.go.id', 'kabag@example.go.id']);
  expect(first?.text).toMatch(/^To: ana@example\.go\.id/im);
  expect(first?.text).toMatch(/^Cc: kabag@example\.go\.id/im);
  expect(first?.text).toMatch(/^Subject: \[SIMULASI\] Tiket akses 3\.1\.1 DC diajukan: Ganti disk/im);
  expect(first?.text).toMatch(new RegExp(`^Message-ID: <ticket-${ticket.id}@`, 'im'));
  expect(first?.text).not.toMatch(/^References:/im);
  expect(first?.text).toContain('menunggu persetujuan');
  expect(first?.text).toContain('This request for physical access was received');

  faults.push(451);
  await post(`/tickets/${ticket.id}/reject`, { note: `Belum lengkap; NIK ${nik} salah <b>&` });
  // Refused for a while, and not lost: tried again after some seconds.
  await arrived(2);
  expect(mails[1]?.text).toMatch(new RegExp(`^References: <ticket-${ticket.id}@`, 'im'));
  expect(mails[1]?.text).toContain('Keterangan: Belum lengkap; NIK');
  expect(mails[1]?.text).toContain('&lt;b&gt;&amp;');
  for (const { text } of mails) expect(text).not.toContain(nik);
  await untilPasses(async () => {
    const shown = ticketDetails.parse((await server.api(`/tickets/${ticket.id}`, { role: 'viewer' })).json);
    expect(shown.mails).toMatchObject([
      { action: 'submit', to: 'ana@example.go.id', cc: ['kabag@example.go.id'], state: 'sent' },
      { action: 'reject', state: 'sent' },
    ]);
  });
}, 40_000);

it('a visit that comes again has a ticket from two weeks before; the series is ended with its visits', async () => {
  const before = mails.length;
  const made = await post('/ticket-series', {
    first: { ...request, activity: 'Rawat PAC' },
    repetition: { every: 'week', count: 5 },
  });
  expect(made.status).toBe(201);
  const series = seriesView.parse(made.json);
  expect(series.next).toHaveLength(5);
  const tickets = async () =>
    page(ticketView).parse((await server.api(`/tickets?series=${series.id}`, { role: 'viewer' })).json).items;
  expect((await tickets()).map(({ state, series: of }) => [state, of])).toEqual([
    ['submitted', series.id],
    ['submitted', series.id],
  ]);
  await arrived(before + 2);
  const ended = await post(`/ticket-series/${series.id}/end`, { note: 'Kontrak selesai' });
  expect(ended.json).toMatchObject({ endedBy: 'token:manager', next: [] });
  expect((await tickets()).map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
  await arrived(before + 4);
  expect((await post('/ticket-series', { first: { ...request, site: 'smart-dc', rooms: [] }, repetition: { every: 'month', count: 2 } })).json)
    .toMatchObject({ status: 422, errors: [{ path: 'body.first.rooms', code: 'rooms-required' }] });
  expect((await post('/ticket-series/none/end', { note: 'x' })).status).toBe(404);
}, 40_000); // prettier-ignore
