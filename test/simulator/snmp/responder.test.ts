import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { integerBody, oidBody, oidText } from '../../../simulator/snmp/ber.ts';
import { respond } from '../../../simulator/snmp/responder.ts';
import { compareOids, parseOid, sortedSource } from '../../../simulator/snmp/source.ts';
import { parseSnmprec } from '../../../simulator/walk/snmprec.ts';
import { type WalkServer, serveWalk } from '../../../simulator/walk/serve.ts';

const run = promisify(execFile);
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const recording = [
  '# a comment',
  '1.3.6.1.4.1.9999.10.0|2|-10',
  '1.3.6.1.4.1.9999.2.0|4|a|b|c',
  '.1.3.6.1.4.1.9999.3.0|4x|00ff41',
  '1.3.6.1.4.1.9999.4.0|70|18446744073709551615',
  '1.3.6.1.4.1.9999.5.0|66|4294967295',
  '1.3.6.1.4.1.9999.6.0|64|192.0.2.7',
  '1.3.6.1.4.1.9999.7.0|6|.1.3.6.1.4.1.476.1.42',
  '1.3.6.1.4.1.9999.8.0|67|12345',
  '1.3.6.1.4.1.9999.2.0|4|said again',
  '1.3.6.1.4.1.9999.9.0|5|',
  '1.3.6.1.4.1.9999.11.0|65|4294967290',
  '1.3.6.1.4.1.99999.1.0|2|1',
].join('\r\n');

async function served(): Promise<WalkServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pantau-walk-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'walk.snmprec');
  await writeFile(file, recording, 'latin1');
  const server = await serveWalk(file);
  cleanups.push(() => server.close());
  return server;
}

describe('a recording', () => {
  test('is read with everything that real ones do', () => {
    const { varbinds, problems } = parseSnmprec(Buffer.from(recording, 'latin1'));
    expect(problems).toEqual([]);
    expect(varbinds).toHaveLength(11);
    expect(varbinds[1]).toEqual({ oid: '1.3.6.1.4.1.9999.2.0', value: { type: 'octets', value: 'a|b|c' } });
    expect(varbinds[2]?.value).toEqual({ type: 'octets', value: Buffer.from([0, 0xff, 0x41]) });
    expect(varbinds[6]?.value).toEqual({ type: 'oid', value: '1.3.6.1.4.1.476.1.42' });
  });

  test('keeps Latin-1 bytes and trailing NULs, and needs no newline at its end', () => {
    const { varbinds } = parseSnmprec(
      Buffer.concat([Buffer.from('1.3.1|4|'), Buffer.from([0xb0, 0x43, 0, 0])]),
    );
    expect(varbinds[0]?.value).toEqual({ type: 'octets', value: '°C\0\0' });
  });

  test.each([
    ['1.3.6|2', 'not OID|TAG|VALUE'],
    ['1.3.6|99|1', 'unknown tag 99'],
    ['1.3.6|2|warm', '"warm" is no integer'],
    ['1.3.6|66x|00', 'a gauge32 cannot be written as bytes'],
  ])('names the line that makes no sense: %s', (line, problem) => {
    expect(parseSnmprec(Buffer.from(`# one\n${line}\n1.3.7|2|1`))).toEqual({
      varbinds: [{ oid: '1.3.7', value: { type: 'integer', value: 1 } }],
      problems: [{ line: 2, problem }],
    });
  });
});

/** Debian's client programs; they come with the same source as snmpd. */
const tools = existsSync('/usr/bin/snmpbulkwalk');
describe.skipIf(!tools)("Debian's SNMP programs (package snmp)", () => {
  async function client(program: string, args: readonly string[]): Promise<string[]> {
    const { port } = await served();
    const { stdout } = await run(
      program,
      ['-On', '-c', 'public', ...args.slice(0, 1), `127.0.0.1:${port}`, ...args.slice(1)],
      { env: { ...process.env, MIBS: '' } },
    );
    return stdout.trim().split('\n');
  }

  test('snmpget reads values of every type', async () => {
    const oids = [10, 2, 4, 5, 6, 7].map((arc) => `1.3.6.1.4.1.9999.${arc}.0`);
    expect(await client('snmpget', ['-v2c', ...oids, '1.3.6.1.4.1.9999.99.0'])).toEqual([
      '.1.3.6.1.4.1.9999.10.0 = INTEGER: -10',
      '.1.3.6.1.4.1.9999.2.0 = STRING: "a|b|c"',
      '.1.3.6.1.4.1.9999.4.0 = Counter64: 18446744073709551615',
      '.1.3.6.1.4.1.9999.5.0 = Gauge32: 4294967295',
      '.1.3.6.1.4.1.9999.6.0 = IpAddress: 192.0.2.7',
      '.1.3.6.1.4.1.9999.7.0 = OID: .1.3.6.1.4.1.476.1.42',
      '.1.3.6.1.4.1.9999.99.0 = No Such Instance currently exists at this OID',
    ]);
  });

  test.each(['snmpwalk', 'snmpbulkwalk'])('%s walks in order to the end', async (program) => {
    const lines = await client(program, ['-v2c', '1.3.6.1.4.1.9999']);
    expect(lines.map((line) => /9999\.(\d+)/.exec(line)?.[1])).toEqual([
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '11',
    ]);
  });

  test('snmpwalk by v1 passes over what v1 does not know', async () => {
    const lines = await client('snmpwalk', ['-v1', '1.3.6.1.4.1.9999']);
    expect(lines.some((line) => line.includes('9999.4.0'))).toBe(false);
    expect(lines.some((line) => line.includes('9999.5.0'))).toBe(true);
  });

  test('snmpset is refused', async () => {
    await expect(client('snmpset', ['-v2c', '1.3.6.1.4.1.9999.10.0', 'i', '1'])).rejects.toMatchObject({
      stderr: expect.stringContaining('noAccess'),
    });
  });
});

describe('the responder', () => {
  const source = sortedSource(
    [{ oid: '1.3.6.1.0', value: { type: 'integer', value: 1 } } as const],
    (varbind) => varbind,
  );
  const get = Buffer.from(
    '302302010104067075626c6963a016020101020100020100300b300906052b060100000500',
    'hex',
  );

  test('stays silent for any datagram it does not understand', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void respond(Buffer.from(bytes), source)),
    );
    for (let length = 0; length < get.length; length += 1)
      expect(respond(get.subarray(0, length), source)).toBeUndefined();
  });

  test('survives every changed byte of a request', () => {
    fc.assert(
      fc.property(fc.nat(get.length - 1), fc.nat(255), (at, byte) => {
        const broken = Buffer.from(get);
        broken[at] = byte;
        expect(() => respond(broken, source)).not.toThrow();
      }),
    );
  });

  test('answers nobody with another community', () => {
    expect(respond(get, source, { community: 'secret' })).toBeUndefined();
    expect(respond(get, source, { community: 'public' })).toBeDefined();
  });
});

describe('BER', () => {
  test('OIDs come back as they went', () => {
    const arcs = fc.array(fc.nat(0xff_ff_ff_ff), { maxLength: 20 });
    fc.assert(
      fc.property(arcs, (rest) => {
        const oid = ['1.3', ...rest].join('.');
        expect(oidText(oidBody(oid))).toBe(oid);
      }),
    );
  });

  test.each([[0, '00'], [127, '7f'], [128, '0080'], [-1, 'ff'], [-128, '80'], [-129, 'ff7f'], [2_147_483_647, '7fffffff'], [4_294_967_295, '00ffffffff']] as const)(
    '%s is written as %s', (value, hex) => { expect(integerBody(value).toString('hex')).toBe(hex); },
  ); // prettier-ignore

  test('OIDs are ordered by number, a prefix first', () => {
    const sorted = ['1.3.10', '1.3.2.1', '1.3', '1.3.2'].map(parseOid).sort(compareOids);
    expect(sorted.map((arcs) => arcs.join('.'))).toEqual(['1.3', '1.3.2', '1.3.2.1', '1.3.10']);
  });
});
