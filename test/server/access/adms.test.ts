import { expect, test } from 'vitest';
import { accessOptions, attendanceOptions, readAdms } from '../../../server/access/controllers/adms.ts';

test('attendance lines are read by column', () => {
  const body = '17\t2026-11-23 10:28:32\t0\t15\t0\t0\t0\r\n18\t2026-11-23 10:28:40\t1\t1\n\n';
  expect(readAdms('ATTLOG', body, 'CJXL1')).toEqual({
    documents: [
      {
        table: 'attlog',
        sn: 'CJXL1',
        pin: '17',
        time: '2026-11-23 10:28:32',
        status: '0',
        verify: '15',
        workcode: '0',
      },
      {
        table: 'attlog',
        sn: 'CJXL1',
        pin: '18',
        time: '2026-11-23 10:28:40',
        status: '1',
        verify: '1',
        workcode: '',
      },
    ],
    lines: 2,
    errors: [],
  });
});

test('numbered lines are read by name, also when they are sent as attendance', () => {
  const line =
    'time=2026-11-23 10:28:32\tpin=17\tcardno=8165537\teventaddr=2\tevent=0\tinoutstatus=1\tverifytype=4\tindex=353';
  for (const table of ['rtlog', 'ATTLOG'])
    expect(readAdms(table, line, 'JJA1').documents).toMatchObject([
      { table: 'rtlog', sn: 'JJA1', pin: '17', cardno: '8165537', eventaddr: '2', index: '353' },
    ]);
  expect(readAdms('rtlog', 'time=2026-11-23 10:28:32\tevent=200', 'JJA1').documents).toMatchObject([
    { pin: '0', index: '0', eventaddr: '1' },
  ]);
});

test('a line that cannot be read costs only itself, and is acknowledged so that it does not come forever', () => {
  const { documents, lines, errors } = readAdms(
    'ATTLOG',
    '17\t2026-11-23 10:28:32\t0\t1\nnonsense\n19\tyesterday\t0',
    'S',
  );
  expect(documents).toHaveLength(1);
  expect(lines).toBe(3);
  expect(errors).toHaveLength(2);
});

test('users, templates and options are acknowledged and not read', () => {
  expect(readAdms('OPERLOG', 'USER PIN=17\tName=Siti\tPri=0\nFP PIN=17\tFID=1\tTMP=AAAA', 'S')).toEqual({
    documents: [],
    lines: 2,
    errors: [],
  });
});

test('alarms of an attendance terminal are read from its operations, and nothing else of them', () => {
  const line = (operation: number, reason: number): string =>
    `OPLOG ${operation}\t0\t2026-11-23 10:28:32\t${reason}\t0\t0\t0`;
  const body = [
    line(3, 54),
    line(4, 0),
    line(3, 65_535),
    line(32, 17),
    'OPLOG 3\t0\tyesterday\t54',
    'USER PIN=17\tName=Siti',
  ].join('\n');
  const told = { table: 'oplog', sn: 'S', time: '2026-11-23 10:28:32' };
  expect(readAdms('OPERLOG', body, 'S')).toEqual({
    documents: [
      { ...told, operation: '3', reason: '54', pin: '0' },
      { ...told, operation: '32', reason: '0', pin: '17' },
    ],
    lines: 6,
    errors: [],
  });
});

test('a terminal is told to send everything at once, in the time of its place', () => {
  const setup = { serial: 'CJXL1', timeZoneHours: 7, registryCode: 'abc' };
  expect(attendanceOptions(setup)).toMatch(/^GET OPTION FROM: CJXL1\n[^]*TimeZone=7\nRealtime=1\n/);
  expect(accessOptions(setup)).toMatch(/^registry=ok\nRegistryCode=abc\n[^]*Realtime=1\n/);
});
