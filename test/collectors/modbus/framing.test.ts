import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Framing,
  type Request,
  type Scan,
  crc16,
  rtuFraming,
  tcpFraming,
} from '../../../collectors/drivers/modbus/frame.ts';
import { asRtu, frame } from '../../support/modbus-server.ts';

const codes = { coil: 1, discrete: 2, holding: 3, input: 4 } as const;
const anyRequest: fc.Arbitrary<Request> = fc.record({
  unit: fc.integer({ min: 0, max: 255 }),
  transaction: fc.integer({ min: 0, max: 65_535 }),
  span: fc.record({
    function: fc.constantFrom('coil', 'discrete', 'holding', 'input'),
    address: fc.integer({ min: 0, max: 65_000 }),
    length: fc.integer({ min: 1, max: 125 }),
  }),
});
const isWords = ({ span }: Request): boolean => span.function === 'holding' || span.function === 'input';
const valueBytes = (request: Request): number =>
  isWords(request) ? request.span.length * 2 : Math.ceil(request.span.length / 8);
/** A request, the values of its answer, and where the answer is cut into portions. */
const exchange = anyRequest.chain((request) =>
  fc.record({
    request: fc.constant(request),
    values: fc.uint8Array({ minLength: valueBytes(request), maxLength: valueBytes(request) }),
    cuts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
  }),
);

function answerTo(request: Request, values: Uint8Array): Buffer {
  const code = codes[request.span.function];
  return frame({ ...request, code, address: 0, length: 0 }, [code, values.length, ...values]);
}

/** Feeds the bytes in portions, as a connection does, until there is an answer. */
function feed(
  framing: Framing,
  request: Request,
  bytes: Buffer,
  cuts: readonly number[],
): Scan & { dropped: number } {
  let waiting = Buffer.alloc(0);
  let dropped = 0;
  let at = 0;
  for (let index = 0; at < bytes.length; index += 1) {
    const size = cuts[index % cuts.length] ?? 1;
    waiting = Buffer.concat([waiting, bytes.subarray(at, at + size)]);
    at += size;
    const scan = framing.scan(waiting, request);
    expect(scan.used).toBeLessThanOrEqual(waiting.length);
    waiting = waiting.subarray(scan.used);
    dropped += scan.dropped;
    const isEnd = scan.answer !== undefined || scan.exception !== undefined || scan.broken !== undefined;
    if (isEnd) return { ...scan, dropped };
    expect(waiting.length).toBeLessThanOrEqual(260);
  }
  return { used: 0, dropped };
}

const framings = [
  ['TCP', tcpFraming, (bytes: Buffer) => bytes],
  ['RTU', rtuFraming, asRtu],
] as const;

describe.each(framings)('%s framing', (_name, framing, wire) => {
  test('reads every answer back, in whatever portions it comes', () => {
    fc.assert(
      fc.property(exchange, ({ request, values, cuts }) => {
        const scan = feed(framing, request, wire(answerTo(request, values)), cuts);
        expect(scan.answer).toEqual(Buffer.from(values));
        expect(scan.dropped).toBe(0);
      }),
    );
  });

  test('finds the answer behind those for other requests, and says how many they were', () => {
    fc.assert(
      fc.property(exchange, exchange, ({ request, values, cuts }, other) => {
        fc.pre(other.request.unit !== request.unit);
        const bytes = Buffer.concat([
          wire(answerTo(other.request, other.values)),
          wire(answerTo(request, values)),
        ]);
        const scan = feed(framing, request, bytes, cuts);
        expect(scan.answer).toEqual(Buffer.from(values));
        expect(scan.dropped).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  test('never throws and never grows, whatever comes', () => {
    fc.assert(
      fc.property(exchange, fc.uint8Array({ maxLength: 600 }), ({ request, cuts }, noise) => {
        feed(framing, request, Buffer.from(noise), cuts);
        expect(framing.scan(Buffer.from(noise), undefined).answer).toBeUndefined();
      }),
    );
  });

  test('reads the code of an exception', () => {
    fc.assert(
      fc.property(anyRequest, fc.integer({ min: 0, max: 255 }), (request, exception) => {
        const code = codes[request.span.function] | 0x80;
        const bytes = wire(frame({ ...request, code, address: 0, length: 0 }, [code, exception]));
        expect(feed(framing, request, bytes, [3]).exception).toBe(exception);
      }),
    );
  });

  test('has no answer while nothing was asked', () => {
    fc.assert(
      fc.property(exchange, ({ request, values }) => {
        const bytes = wire(answerTo(request, values));
        expect(framing.scan(bytes, undefined)).toEqual({ used: bytes.length, dropped: 1 });
      }),
    );
  });
});

function fitsChecksum(frame: Buffer): boolean {
  return crc16(frame.subarray(0, -2)) === frame.readUInt16LE(frame.length - 2);
}

test('RTU framing never takes a wrong value from an answer with a byte changed, lost or added', () => {
  const damage = fc.record({
    kind: fc.constantFrom('changed', 'lost', 'added'),
    at: fc.nat(300),
    by: fc.integer({ min: 1, max: 255 }),
  });
  fc.assert(
    fc.property(exchange, damage, ({ request, values, cuts }, { kind, at, by }) => {
      const sound = [...asRtu(answerTo(request, values))];
      const { length } = sound;
      const place = at % sound.length;
      if (kind === 'changed') sound[place] = (sound[place] ?? 0) ^ by;
      else if (kind === 'lost') sound.splice(place, 1);
      else sound.splice(place, 0, by);
      const damaged = Buffer.from(sound);
      // Of 65,536 frames with a byte too many one fits its checksum: nobody can tell that it is damaged.
      fc.pre(kind !== 'added' || place === 0 || !fitsChecksum(damaged.subarray(0, length)));
      const { answer, exception } = feed(rtuFraming, request, damaged, cuts);
      expect(exception).toBeUndefined();
      expect(answer ?? Buffer.from(values)).toEqual(Buffer.from(values));
    }),
    { numRuns: 1_000 },
  );
});

test('TCP framing never takes a value from an answer whose head, function or length was changed', () => {
  fc.assert(
    fc.property(
      exchange,
      fc.integer({ min: 0, max: 8 }),
      fc.integer({ min: 1, max: 255 }),
      ({ request, values, cuts }, at, by) => {
        const changed = answerTo(request, values);
        changed.writeUInt8(changed.readUInt8(at) ^ by, at);
        expect(feed(tcpFraming, request, changed, cuts).answer).toBeUndefined();
      },
    ),
    { numRuns: 1_000 },
  );
});

test('the CRC is that of the standard', () => {
  // Modbus over serial line V1.02, appendix B: 02 07 → 0x1241, sent as 41 12.
  expect(crc16(Buffer.from([0x02, 0x07]))).toBe(0x1241);
});

test('requests stand on the line as the standard says', () => {
  const request: Request = {
    unit: 17,
    transaction: 0x1234,
    span: { function: 'holding', address: 107, length: 3 },
  };
  expect(tcpFraming.encode(request).toString('hex')).toBe('1234000000061103006b0003');
  expect(rtuFraming.encode(request).toString('hex')).toBe('1103006b00037687');
});
