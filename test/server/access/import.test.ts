import { createHmac } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import writeWorkbook from 'write-excel-file/node';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { momentOfCell, parseMoment } from '../../../server/access/import-dates.ts';
import { mostRows, readTable } from '../../../server/access/import-read.ts';
import { page } from '../../../server/contracts/common.ts';
import { importReport } from '../../../server/contracts/ticket-import.ts';
import { ticketDetails, ticketView } from '../../../server/contracts/tickets.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('a date in a file', () => {
  const wib = (text: string, place: 'from' | 'to' = 'from') => {
    const at = parseMoment(text, place);
    return at === undefined ? undefined : new Date(at + 7 * 3_600_000).toISOString().slice(0, 16);
  };
  test.each([
    ['3 Desember 2026 08.00', '2026-12-03T08:00'],
    ['Kamis, 3 Desember 2026 pukul 08.00 WIB', '2026-12-03T08:00'],
    ['03/12/2026 8:05', '2026-12-03T08:05'],
    ['3-12-2026', '2026-12-03T00:00'],
    ['17 Agt 2026, 23:59', '2026-08-17T23:59'],
    ['2026-12-03 08:00', '2026-12-03T08:00'],
    ['2026-12-03T08:00:00+07:00', '2026-12-03T08:00'],
    ['2026-12-03T01:00:00Z', '2026-12-03T08:00'],
    ['31/12/2026 24.00', '2027-01-01T00:00'],
  ])('%s', (text, expected) => expect(wib(text)).toBe(expected));
  test.each(['', 'besok', '31/02/2026', '12/31/2026', '3 Foo 2026', '2026-12-03 25:00', '03/12/26', '8'])('"%s" is none', (text) =>
    expect(wib(text)).toBeUndefined(),
  ); // prettier-ignore
  it('alone is the whole day', () => {
    expect(wib('03/12/2026', 'to')).toBe('2026-12-04T00:00');
    expect(momentOfCell(new Date('2026-12-03T00:00:00Z'), 'to')).toBe(parseMoment('04/12/2026', 'from'));
    expect(momentOfCell(new Date('2026-12-03T08:30:00Z'), 'from')).toBe(
      parseMoment('3/12/2026 08.30', 'from'),
    );
  });
});

const head = ['Referensi', 'Situs', 'Ruang', 'Unit pengguna', 'PIC', 'Didampingi PIC', 'Orang', 'Kegiatan', 'Mulai', 'Selesai', 'E-mail atasan']; // prettier-ignore
const good = (reference: string, change: Readonly<Record<number, string>> = {}): string[] =>
  [reference, 'DC', 'hall-1', 'Biro TIK', "Nur'aini", 'ya', 'Budi "Bud" 👷 | 3171012309870004 | pegawai; عبد الله | P-77 | pihak ketiga', 'Ganti disk', '3 Desember 2026 08.00', '03/12/2026 10:00', 'kabag@example.go.id'].map((cell, index) => change[index] ?? cell); // prettier-ignore
const csv = (rows: readonly (readonly string[])[], delimiter = ';'): Buffer =>
  Buffer.from(`\uFEFF${rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)).join('\r\n')}\r\n`); // prettier-ignore

/** A ZIP file with one part, whatever its header claims. */
function zip(name: string, content: Buffer): Buffer {
  const data = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.write('PK\u0003\u0004', 'latin1');
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(data.length, 18);
  local.writeUInt32LE(10, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.write('PK\u0001\u0002', 'latin1');
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(data.length, 20);
  central.writeUInt32LE(10, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + data.length, 16);
  return Buffer.concat([local, Buffer.from(name), data, central, Buffer.from(name), end]);
}

describe('a file that cannot be read', () => {
  test.each<[string, Buffer, RegExp]>([
    ['empty', Buffer.from('\r\n'), /empty/],
    ['in another encoding', Buffer.from([0x52, 0xe9, 0x66]), /CSV UTF-8/],
    ['an open quote', Buffer.from('a;b\n"x;y'), /line/],
    ['too many rows', csv(Array.from({ length: mostRows + 2 }, (_, row) => [String(row), 'x'])), /2000 at most/],
    ['a bomb', zip('xl/media/image.bin', Buffer.alloc(40 * 1_048_576)), /larger than 16 MB inside/],
    ['a cell far out', zip('xl/worksheets/sheet1.xml', Buffer.from('<c r="XFD1048576"><v>1</v></c>')), /"XFD1048576"/],
    ['no workbook', zip('word/document.xml', Buffer.from('<a/>')), /cannot be read/],
    ['a cut workbook', zip('a.xml', Buffer.from('<a/>')).subarray(0, 40), /damaged/],
  ])('%s is refused with the reason', async (_name, bytes, reason) => {
    await expect(readTable(bytes)).rejects.toThrow(reason);
  }); // prettier-ignore
});

describe('over HTTP', () => {
  const secret = 'rahasia-kementerian-1';
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ ticketWebhookSecret: secret });
  });
  afterAll(() => server.close());
  const send = (bytes: Buffer, more: object = {}) =>
    server.api('/tickets/import', { method: 'POST', role: 'operator', body: { name: 'tiket', data: bytes.toString('base64'), ...more } }); // prettier-ignore
  const tickets = async () =>
    page(ticketView).parse((await server.api('/tickets', { role: 'viewer' })).json).items;

  it('a dry run names every bad row with column and reason, and writes nothing', async () => {
    const rows = [
      head,
      good('A-1'),
      good('A-2', { 1: 'Smart DC', 2: '' }),
      good('A-3', { 8: 'besok', 10: 'kabag' }),
      good('A-4', { 9: '2 Desember 2026 10.00' }),
      good('A-5', { 6: 'Budi | 1 | pegawai; Budi | 1 | pegawai' }),
      good('A-1', { 5: 'tidak', 7: '=1+1' }),
      good('', { 2: 'gudang' }),
    ];
    const report = importReport.parse((await send(csv(rows))).json);
    expect(report).toMatchObject({ rows: 7, good: 1, bad: 6, imported: 0 });
    expect(report.mistakes.map(({ row, column, code }) => `${row} ${column} ${code}`)).toEqual([
      '3 ruang rooms-required',
      '4 mulai date',
      '4 e-mail atasan invalid_format',
      '5 selesai custom',
      '6 orang person-twice',
      '7 didampingi pic unaccompanied',
      '7 referensi twice',
      '8 referensi required',
      '8 ruang unknown-room',
    ]);
    expect((await send(csv(rows), { dryRun: false })).json).toMatchObject({
      status: 422,
      errors: expect.arrayContaining([expect.objectContaining({ path: 'row 4, mulai' })]),
    });
    expect(await tickets()).toEqual([]);
    expect((await send(csv([['Situs', 'PIC']]))).json).toMatchObject({ status: 422, detail: expect.stringContaining('referensi') }); // prettier-ignore
  });

  it('good rows are written once, from CSV or XLSX, and come out again as they went in', async () => {
    const rows = [head, good('B-1'), good('B-2', { 7: '=HYPERLINK("http://x")' })];
    expect((await send(csv(rows, ','), { dryRun: false })).json).toMatchObject({ good: 2, imported: 2, repeated: 0 }); // prettier-ignore
    const sheet = [...rows, good('B-3')].map((row) => row.map((value) => ({ value, type: String })));
    const workbook = await writeWorkbook(sheet).toBuffer();
    expect((await send(workbook, { dryRun: false })).json).toMatchObject({
      good: 1,
      imported: 1,
      repeated: 2,
    });
    const all = await tickets();
    expect(new Set(all.map(({ reference }) => reference))).toEqual(new Set(['B-1', 'B-2', 'B-3']));
    expect(all[0]).toMatchObject({
      from: '2026-12-03T01:00:00.000Z',
      persons: [
        { name: 'Budi "Bud" 👷', identity: '•••004' },
        { name: 'عبد الله', party: 'third-party' },
      ],
    });

    const masked = await server.api('/tickets/export?as=csv', { role: 'viewer' });
    expect(masked.text).toContain('"\'=HYPERLINK(""http://x"")"');
    expect(masked.text).not.toContain('3171012309870004');
    expect(importReport.parse((await send(Buffer.from(masked.text))).json).mistakes[0]).toMatchObject({ column: 'orang', code: 'masked-identity' }); // prettier-ignore
    const ask = { method: 'POST', body: { as: 'csv', reason: 'Pemeriksaan Itjen' } };
    expect((await server.api('/tickets/export', { ...ask, role: 'operator' })).status).toBe(403);
    const whole = await server.api('/tickets/export', { ...ask, role: 'admin' });
    expect((await send(Buffer.from(whole.text))).json).toMatchObject({ rows: 3, bad: 0, repeated: 3 });
    expect((await server.api('/identity-lookups', { role: 'manager' })).json).toMatchObject({
      items: [{ reason: 'Pemeriksaan Itjen' }, {}, {}],
    });
    const response = await fetch(`${server.url}/api/v1/tickets/export?as=xlsx`, {
      headers: { authorization: `Bearer ${server.tokens.get('viewer')}` },
    });
    const exported = await readTable(Buffer.from(await response.arrayBuffer()));
    expect(exported).toHaveLength(4);
    expect(exported.flat()).toContain('=HYPERLINK("http://x")');
  });

  it('a file of 50 MB is refused before it is read', async () => {
    const answer = await send(Buffer.alloc(50 * 1_048_576, 'x'));
    expect(answer.json).toMatchObject({ status: 413 });
  });

  it('the ministry creates, changes and cancels a ticket by signed messages, each once', async () => {
    const post = (body: object, { at = Date.now(), key = secret } = {}) => {
      const timestamp = String(Math.floor(at / 1_000));
      const text = JSON.stringify(body);
      return server.api('/tickets/webhook', {
        method: 'POST',
        body,
        headers: { 'x-pantau-timestamp': timestamp, 'x-pantau-signature': createHmac('sha256', key).update(`${timestamp}.${text}`).digest('hex') },
      }); // prettier-ignore
    };
    const ticket = {
      site: 'dc', rooms: [], unit: 'Biro TIK', pic: 'Ana', accompanied: true, activity: 'Audit', superiorEmail: 'kabag@example.go.id',
      persons: [{ name: 'Budi', identity: '3171', party: 'employee' }], from: '2026-12-03T08:00:00+07:00', to: '2026-12-03T10:00:00+07:00',
    }; // prettier-ignore
    const message = { reference: 'SD-2026-17', sentAt: '2026-12-01T08:00:00+07:00' };
    const create = { event: 'create', ...message, ticket };
    expect((await post(create, { key: 'falsch' })).status).toBe(401);
    expect((await post(create, { at: Date.now() - 600_000 })).json).toMatchObject({ status: 401, detail: expect.stringContaining('clock') }); // prettier-ignore
    expect((await post({ ...create, ticket: { ...ticket, rooms: ['gudang'] } })).json).toMatchObject({
      status: 422,
      errors: [{ path: 'body.ticket.rooms[0]', code: 'unknown-room' }],
    });
    expect((await post({ event: 'update', ...message, ticket })).status).toBe(404);
    const made = ticketDetails.parse((await post(create)).json);
    expect(made).toMatchObject({ reference: 'SD-2026-17', createdBy: 'webhook:tiket', state: 'submitted' });
    expect(ticketDetails.parse((await post(create)).json).id).toBe(made.id);
    const later = { event: 'update', reference: 'SD-2026-17', sentAt: '2026-12-01T09:00:00+07:00' };
    const changed = await post({
      ...later,
      ticket: { ...ticket, rooms: ['hall-2'], activity: 'Audit ulang' },
    });
    expect(changed.json).toMatchObject({ id: made.id, rooms: ['hall-2'], activity: 'Audit ulang' });
    expect((await post({ ...later, sentAt: '2026-12-01T08:30:00+07:00', ticket })).json).toMatchObject({ status: 409, code: 'stale' }); // prettier-ignore
    const cancel = { event: 'cancel', reference: 'SD-2026-17', sentAt: '2026-12-01T10:00:00+07:00', note: 'Ditunda' }; // prettier-ignore
    expect((await post(cancel)).json).toMatchObject({ state: 'cancelled' });
    const again = ticketDetails.parse((await post(cancel)).json);
    expect(again.events.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      'submit webhook:tiket', 'update webhook:tiket', 'cancel webhook:tiket',
    ]); // prettier-ignore
    expect((await post({ ...later, sentAt: '2026-12-01T11:00:00+07:00', ticket })).json).toMatchObject({ status: 409, code: 'wrong-state' }); // prettier-ignore
  });
});
