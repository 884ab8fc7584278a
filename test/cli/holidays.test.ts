import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { importHolidays } from '../../cli/holidays.ts';
import { readCsv, readIcs } from '../../cli/holidays-read.ts';
import { calendarSchema } from '../../config/schema/calendar.ts';

let dir = '';
let lines: string[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pantau-holidays-'));
  lines = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function put(name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}
const run = (file: string, more: { year?: number; replace?: boolean } = {}): number =>
  importHolidays(file, { config: dir, ...more }, (line) => lines.push(line));

const table = '\uFEFFTanggal;Keterangan;Jenis\r\n2027-01-01;Tahun Baru;Libur Nasional\r\n10/03/2027;"Idul Fitri; hari 1";Libur\r\n2027-03-11;Cuti Bersama Idul Fitri;Cuti Bersama\r\n'; // prettier-ignore

describe('holidays import', () => {
  it('makes the calendar of the year from a table, with the hours of the nearest one', () => {
    expect(run(put('libur.csv', table))).toBe(0);
    const calendar = calendarSchema.parse(parse(readFileSync(join(dir, 'calendar/2027.yaml'), 'utf8')));
    expect(calendar).toMatchObject({
      year: 2027,
      zone: 'Asia/Jakarta',
      workingHours: { from: '08:00', to: '17:00' },
      holidays: ['2027-01-01', '2027-03-10'],
      jointLeave: ['2027-03-11'],
    });
    expect(lines.at(-1)).toMatch(/2 holidays, 1 days of joint leave$/);
    expect(() => run(join(dir, 'libur.csv'))).toThrow(/--replace/);
    expect(run(join(dir, 'libur.csv'), { replace: true })).toBe(0);
  });

  it('lists every row that cannot be taken, with its line, and writes nothing', () => {
    const text = 'date,name,type\n2027-02-30,X,\n01/01/2027,Tahun Baru,\n2027-01-01,Lagi,\nbesok,Y,\n2027-05-01,Buruh,setengah hari\n2027-06-01\n'; // prettier-ignore
    expect(run(put('libur.csv', text))).toBe(78);
    expect(lines.map((line) => line.replace(`${dir}/`, ''))).toEqual([
      'libur.csv:2 "2027-02-30;X;" "2027-02-30" is no day; write 2027-03-10 or 10/03/2027',
      'libur.csv:4 "2027-01-01;Lagi;" 2027-01-01 is in row 3 already',
      'libur.csv:5 "besok;Y;" "besok" is no day; write 2027-03-10 or 10/03/2027',
      'libur.csv:6 "2027-05-01;Buruh;setengah hari" "setengah hari" is no type; write "holiday" (libur) or "joint-leave" (cuti bersama)',
      'libur.csv:7 "2027-06-01" has 1 columns where the first line has 3',
      '5 rows cannot be taken; nothing was written',
    ]);
    expect(existsSync(join(dir, 'calendar/2027.yaml'))).toBe(false);
  });

  it('asks which year when there are several, and says what is no table', () => {
    const file = put('libur.csv', 'date,name\n2026-12-31,A\n2027-01-01,B\n');
    expect(() => run(file)).toThrow(/2026, 2027; say which: --year/);
    expect(run(file, { year: 2027 })).toBe(0);
    expect(() => run(join(dir, 'none.csv'))).toThrow(/cannot be read/);
    expect(readCsv('hari,nama\n1,2\n').bad[0]?.why).toMatch(/"date" or "tanggal"/);
    expect(readCsv('date,name\n"2027-01-01,x\n').bad[0]?.why).toMatch(/no table/);
    expect(() => run(put('leer.csv', ''))).not.toThrow();
  });

  it('reads whole days of an iCalendar file, one for each day, and refuses what repeats or has a time', () => {
    const event = (...rows: string[]): string => ['BEGIN:VEVENT', ...rows, 'END:VEVENT'].join('\r\n');
    const ics = [
      'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//EN',
      event('UID:1', 'SUMMARY:Idul Fitri', 'DTSTART;VALUE=DATE:20270310', 'DTEND;VALUE=DATE:20270312'),
      event('UID:2', 'SUMMARY:Cuti Bersama Natal', 'DTSTART;VALUE=DATE:20271224'),
      event('UID:3', 'SUMMARY:Rapat', 'DTSTART:20270401T020000Z', 'DTEND:20270401T030000Z'),
      event('UID:4', 'SUMMARY:Ulang', 'DTSTART;VALUE=DATE:20270501', 'RRULE:FREQ=YEARLY'),
      event('UID:5', 'SUMMARY:Batal', 'STATUS:CANCELLED', 'DTSTART;VALUE=DATE:20270601'),
      'END:VCALENDAR',
    ].join('\r\n'); // prettier-ignore
    const { days, bad } = readIcs(ics);
    expect(days.map(({ date, kind }) => `${date} ${kind}`)).toEqual([
      '2027-03-10 holiday', '2027-03-11 holiday', '2027-12-24 joint-leave',
    ]); // prettier-ignore
    expect(bad.map(({ row, text, why }) => `${row} ${text}: ${why}`)).toEqual([
      '3 Rapat: it has a time of day; a holiday is a whole day (DTSTART;VALUE=DATE)',
      '4 Ulang: it repeats; write each day as an event of its own',
    ]);
    expect(readIcs('BEGIN:VCALENDAR\r\nxx').bad).toHaveLength(1);
  });
});
