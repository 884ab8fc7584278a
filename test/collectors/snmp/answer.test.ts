import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAnswer, readCells, readFound } from '../../../collectors/drivers/snmp/ask.ts';
import { element, oidBytes, oidText, tags } from '../../../collectors/drivers/snmp/ber.ts';
import { encodeRequest, splitRequests } from '../../../collectors/drivers/snmp/request.ts';
import type { Cell } from '../../../collectors/drivers/snmp/cells.ts';

const community = Buffer.from('public');
const oids = ['1.3.6.1.2.1.33.1.2.4.0', '1.3.6.1.4.1.318.1.1.1.2.2.1.0', '2.999.4294967295'];
const request = encodeRequest({ version: '2c', community: 'public', kind: 'get', oids });
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const number = (value: number): Buffer => element(tags.integer, Buffer.from([value]));

interface Parts {
  readonly version?: number;
  readonly community?: string;
  readonly id?: Buffer;
  readonly status?: number;
}

/** An answer whose values are elements, under the OIDs asked unless told otherwise. */
function answer(values: readonly Buffer[], parts: Parts = {}, names: readonly string[] = oids): Buffer {
  const varbinds = values.map((value, i) =>
    element(tags.sequence, element(tags.oid, oidBytes(names[i] ?? '1.3')), value),
  );
  const list = element(tags.sequence, ...varbinds);
  const id = element(tags.integer, parts.id ?? hex('01020304'));
  const pdu = element(0xa2, id, number(parts.status ?? 0), number(0), list);
  const name = element(tags.octets, Buffer.from(parts.community ?? 'public'));
  return element(tags.sequence, number(parts.version ?? 1), name, pdu);
}

function cellsOf(datagram: Buffer): readonly Cell[] | undefined {
  const head = readAnswer(datagram, 1, community);
  return head && readCells(datagram, head, request.asked);
}

/** A value's element → what is read of it, or why nothing is. */
function read(value: string): Cell['raw'] | undefined {
  const cell = cellsOf(answer([hex(value)]))?.[0];
  return cell?.raw ?? cell?.reason;
}

describe('a value', () => {
  test.each([
    ['an integer', '02 01 05', 5],
    ['a negative integer', '02 01 ff', -1],
    ['the least integer', '02 04 80000000', -2_147_483_648],
    ['an integer with padding', '02 06 000000000005', 5],
    ['a negative integer with padding', '02 05 fffffffff0', -16],
    ['an integer of more than 32 bits', '02 05 0100000000', 'decode'],
    ['an integer beyond the sign', '02 05 0080000000', 'decode'],
    ['an integer without bytes', '02 00', 'decode'],
    ['a length that is not minimal', '02 83 000001 07', 7],
    ['text', '04 03 b04300', '°C\0'],
    ['empty text', '04 00', ''],
    ['null', '05 00', 'no-value'],
    ['an OID', '06 05 2b06010401', '1.3.6.1.4.1'],
    ['an OID without an end', '06 02 2b86', 'decode'],
    ['an OID with an absurd arc', '06 07 2bffffffffff7f', 'decode'],
    ['an IP address', '40 04 c0000201', '192.0.2.1'],
    ['an IP address of three bytes', '40 03 c00002', 'decode'],
    ['a counter', '41 05 00ffffffff', 4_294_967_295],
    ['a counter as if it were negative', '41 04 fffffffe', 4_294_967_294],
    ['a gauge of one byte as if it were negative', '42 01 ff', 4_294_967_295],
    ['a counter that is too long', '41 06 010000000000', 'decode'],
    ['time ticks', '43 02 0102', 258],
    ['a Counter64 without bytes', '46 00', 0n],
    ['a Counter64 of eight bytes', '46 08 ffffffffffffffff', 18_446_744_073_709_551_615n],
    ['a Counter64 of nine bytes', '46 09 00ffffffffffffffff', 18_446_744_073_709_551_615n],
    ['a Counter64 that is too long', '46 09 01ffffffffffffffff', 'decode'],
    ['a float in Opaque', '44 07 9f780441bc0000', 23.5],
    ['a double in Opaque', '44 0b 9f7908 4037800000000000', 23.5],
    ['something else in Opaque', '44 03 9f7804', 'decode'],
    ['noSuchObject', '80 00', 'no-value'],
    ['noSuchInstance', '81 00', 'no-value'],
    ['endOfMibView', '82 00', 'no-value'],
    ['an unknown type', '5f 01 00', 'decode'],
    ['a sequence', '30 00', 'decode'],
  ])('%s is read as what it is', (_what, bytes, expected) => {
    expect(read(bytes)).toBe(expected);
  });
});

describe('an answer', () => {
  test('is taken with bytes behind it', () => {
    expect(cellsOf(Buffer.concat([answer([hex('020107')]), Buffer.alloc(3)]))).toEqual([{ raw: 7 }]);
  });

  test('with another OID gives no value of it', () => {
    const swapped = [oids[1] ?? '', oids[0] ?? '', `${oids[2]}.1`];
    const cells = cellsOf(answer([hex('020101'), hex('020102'), hex('020103')], {}, swapped));
    expect(cells?.map(({ reason }) => reason)).toEqual(['decode', 'decode', 'decode']);
  });

  test.each([
    ['another version', answer([], { version: 0 })],
    ['version 3', answer([], { version: 3 })],
    ['another community', answer([], { community: 'publiC' })],
    ['a longer community', answer([], { community: 'public2' })],
    ['a request id of more than 32 bits', answer([], { id: hex('0100000000') })],
    ['more varbinds than were asked', answer(Array.from({ length: 4 }, () => hex('020101')))],
    ['a request instead', request.datagram],
    ['an indefinite length', hex('3080 020101 0406 7075626c6963 0000')],
    ['a length beyond its end', hex('3082ffff02')],
    ['a value beyond its varbind', answer([hex('020501')])],
    ['two values in a varbind', answer([hex('020101020101')])],
    ['nothing', Buffer.alloc(0)],
  ])('with %s is none', (_what, datagram) => {
    expect(cellsOf(datagram)).toBeUndefined();
  });

  const someValue = fc.constantFrom('020105', '04024142', '4601ff', '0500', '8000', '4204ffffffff').map(hex);
  const valid = fc.array(someValue, { maxLength: 3 }).map((values) => answer(values));

  test('of arbitrary bytes never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const datagram = Buffer.from(bytes);
        cellsOf(datagram);
        const found = readFound(datagram, { id: 0, status: 0, at: 0, end: datagram.length });
        expect(found === undefined || Array.isArray(found)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('that is cut off anywhere is none', () => {
    fc.assert(
      fc.property(valid, fc.nat(), (datagram, cut) => {
        expect(cellsOf(datagram.subarray(0, cut % datagram.length))).toBeUndefined();
      }),
    );
  });

  test('that is mutated gives a value only under its own OID', () => {
    const mutations = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(valid, mutations, (original, changes) => {
        const datagram = Buffer.from(original);
        for (const [at, byte] of changes) datagram[at % datagram.length] = byte;
        const cells = cellsOf(datagram);
        const head = readAnswer(datagram, 1, community);
        const found = head && readFound(datagram, head);
        const taken = (cells ?? []).flatMap((cell, place) => (cell.raw === null ? [] : [{ cell, place }]));
        for (const { place } of taken) expect(datagram.includes(oidBytes(oids[place] ?? ''))).toBe(true);
        // Where every varbind can be named, each has the name that was asked.
        const named = found ?? [];
        const both = taken.filter(({ place }) => place < named.length);
        expect(both.map(({ place }) => [named[place]?.oid, named[place]?.cell])).toEqual(
          both.map(({ place, cell }) => [oids[place], cell]),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('an OID', () => {
  const arc = fc.integer({ min: 0, max: 0xff_ff_ff_ff });
  const anyOid = fc
    .tuple(fc.constantFrom('1.3', '0.39', '2.0', '2.999'), fc.array(arc, { maxLength: 20 }))
    .map(([head, rest]) => [head, ...rest].join('.'));

  test('comes back from its bytes as it went in', () => {
    fc.assert(
      fc.property(anyOid, (oid) => {
        const bytes = oidBytes(oid);
        expect(oidText(bytes, 0, bytes.length)).toBe(oid);
      }),
    );
  });

  test('is where the request says it is', () => {
    fc.assert(
      fc.property(
        fc.array(anyOid, { minLength: 1, maxLength: 30 }),
        fc.string({ maxLength: 40 }),
        (names, word) => {
          const { datagram, asked, idAt } = encodeRequest({
            version: '1',
            community: word,
            kind: 'get',
            oids: names,
          });
          expect(asked.map(({ at, length }) => oidText(datagram, at, at + length))).toEqual(names);
          expect(datagram.readUInt16BE(idAt - 2)).toBe(0x02_04);
        },
      ),
    );
  });

  test('that is long leaves fewer in a request, so that it fits a frame', () => {
    const long = Array.from(
      { length: 40 },
      (_, i) => `1.3.6.1.4.1.9999.${Array.from({ length: 60 }, () => 70_000 + i).join('.')}`,
    );
    const requests = splitRequests(long, 30);
    expect(requests.flat()).toEqual(long);
    for (const names of requests)
      expect(
        encodeRequest({ version: '2c', community: 'public', kind: 'get', oids: names }).datagram.length,
      ).toBeLessThanOrEqual(1_400);
  });
});
