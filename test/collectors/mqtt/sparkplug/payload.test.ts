import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePayload } from '../../../../collectors/drivers/mqtt/sparkplug/payload.ts';
import { typedValue } from '../../../../collectors/drivers/mqtt/sparkplug/wire.ts';
import { sparkplugPayload, type SentMetric } from '../../../support/sparkplug.ts';

// Written by Google's own protobuf (Debian's python3-protobuf 3.21) from the standard's schema.
const birth =
  '0880d0dfb4ab3312120a0562645365711880d0dfb4ab3320085807121c0a0b4f75746c65742f54656d7010011898c8dfb4ab3320025097ff03' +
  '12170a06456e6572677910022008588180808080808080800112170a064f66667365741003200458fbffffffffffffffff0112100a05506f77' +
  '657210042009650000204012130a04466c6f771005200a69000000000000c0bf120f0a0752756e6e696e671006200b700112110a044d6f6465' +
  '1007200c7a0573c3a47665120f0a04426c6f62100820118201020102120e0a054c6576656c10ac02200338011800';
const data = '0880d0dfb4ab33120c100118e8d7dfb4ab3350d701121010041880a3fdafab332801650000c0bf18ff01';

const decode = (hex: string) => decodePayload(Buffer.from(hex, 'hex'));

describe('A Sparkplug B payload', () => {
  test('is read with every type when it is a birth', () => {
    const { timestamp, seq, metrics } = decode(birth);
    expect([timestamp, seq]).toEqual([1_764_000_000_000, 0]);
    expect(metrics.map((each) => [each.name, each.alias, typedValue(each, each.datatype ?? 0)])).toEqual([
      ['bdSeq', undefined, { raw: 7 }],
      ['Outlet/Temp', 1n, { raw: -105 }],
      ['Energy', 2n, { raw: 9_223_372_036_854_775_809n }],
      ['Offset', 3n, { raw: -5 }],
      ['Power', 4n, { raw: 2.5 }],
      ['Flow', 5n, { raw: -0.125 }],
      ['Running', 6n, { raw: 'true' }],
      ['Mode', 7n, { raw: 'säve' }],
      ['Blob', 8n, { raw: null, reason: 'decode' }],
      ['Level', 300n, { raw: null, reason: 'no-value' }],
    ]);
    expect(metrics[1]?.timestamp).toBe(1_763_999_999_000);
  });

  test('is read by its aliases when it has no names', () => {
    expect(decode(data)).toEqual({
      timestamp: 1_764_000_000_000,
      seq: 255,
      metrics: [
        { alias: 1n, timestamp: 1_764_000_001_000, isNull: false, isHistorical: false, value: 215n },
        { alias: 4n, timestamp: 1_763_990_000_000, isNull: false, isHistorical: true, value: -1.5 },
      ],
    });
  });

  test('has sequence number 0 when its encoder leaves out what is 0', () => {
    expect(decode('').seq).toBe(0);
  });

  test.each<[string, string]>([
    ['a string that ends too soon', '12050a08'],
    ['a number that never ends', '08ffffffffffffffffffffff'],
    ['text', Buffer.from('Online').toString('hex')],
    ['a metric that is a number', '1001'],
    ['a float of eight bytes', '120961000000000000f03f'],
    ['a sequence number above 255', '188002'],
    ['a name that is no UTF-8', '12030a01ff'],
    ['more metrics than any gateway has', '1200'.repeat(20_001)],
  ])('is refused when it holds %s', (_what, hex) => {
    expect(() => decode(hex)).toThrow(RangeError);
  });

  test('means the same whether a signed integer comes in 16, 32 or 64 bits', () => {
    const said = [0xfff6, 0xffff_fff6, 0xffff_ffff_ffff_fff6n].map((int) => {
      const [metric] = decodePayload(sparkplugPayload(1, [{ alias: 1, int }])).metrics;
      return metric && typedValue(metric, 2);
    });
    expect(said).toEqual([{ raw: -10 }, { raw: -10 }, { raw: -10 }]);
  });
});

const metrics = fc.array(
  fc.record<SentMetric>(
    {
      name: fc.string({ unit: 'grapheme' }),
      alias: fc.nat(),
      at: fc.nat(2 ** 31),
      type: fc.nat(34),
      historical: fc.boolean(),
      isNull: fc.boolean(),
      long: fc.bigInt(0n, 2n ** 64n - 1n),
      double: fc.double(),
    },
    { requiredKeys: [] },
  ),
  { maxLength: 20 },
);

/** Decodes, or says why not; a fault of any other kind is one of ours. */
function outcomeOf(bytes: Buffer): 'decoded' | 'refused' {
  try {
    const payload = decodePayload(bytes);
    for (const metric of payload.metrics) typedValue(metric, metric.datatype ?? 0);
    return 'decoded';
  } catch (error) {
    if (error instanceof RangeError) return 'refused';
    throw error;
  }
}

describe('Any bytes', () => {
  test('are decoded or refused when arbitrary', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(outcomeOf(Buffer.from(bytes))).toMatch(/decoded|refused/);
      }),
    );
  });

  test('are decoded or refused when a payload is changed in places or cut', () => {
    const change = fc.record({ at: fc.nat(), to: fc.nat(255) });
    fc.assert(
      fc.property(metrics, fc.array(change, { maxLength: 4 }), fc.nat(), (sent, changes, cut) => {
        const bytes = sparkplugPayload(7, sent, 1_764_000_000_000);
        for (const { at, to } of changes) bytes[at % bytes.length] = to;
        expect(outcomeOf(bytes.subarray(0, bytes.length - (cut % bytes.length)))).toMatch(/decoded|refused/);
      }),
    );
  });

  test('come back as they were sent when they are a payload', () => {
    fc.assert(
      fc.property(metrics, fc.nat(255), (sent, seq) => {
        const read = decodePayload(sparkplugPayload(seq, sent));
        expect(read.seq).toBe(seq);
        expect(read.metrics.map(({ name, alias, datatype }) => [name, alias, datatype])).toEqual(
          sent.map(({ name, alias, type }) => [name, alias === undefined ? undefined : BigInt(alias), type]),
        );
      }),
    );
  });
});
