import { assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRaw } from '../../collectors/profile/decode.ts';
import { describeQuality, good } from '../../core/reading.ts';
import type { ValueSpec } from '../../config/schema/profile.ts';
import { encodeRaw } from '../../simulator/encode.ts';
import { shippedModel, startField } from './support.ts';

const model = shippedModel();
const field = startField(model);

describe('every point of the shipped sites', () => {
  it('is measured, and what is encoded decodes to it as far as the profile resolves', () => {
    const wrong: string[] = [];
    for (const device of model.devices) {
      for (const point of device.points) {
        if (point.source.from !== 'device') continue;
        const spec = point.source.value;
        const answer = field.reader(device, point)();
        const said = 'value' in answer ? answer.value : 'broken';
        const kind = device.profile.protocol === 'mqtt' ? 'real' : 'integer';
        const { value, quality } = decodeRaw(spec, point.unit, encodeRaw(spec, said, { kind }));
        const same =
          typeof said === 'string'
            ? point.states?.get(value) === said
            : Math.abs(value - said) <= (kind === 'real' ? 1e-5 : Math.abs(spec.scale ?? 1) * 0.501);
        if (quality !== good || !same)
          wrong.push(`${point.id}: ${said} → ${value} ${describeQuality(quality).reason}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('encoding and decoding', () => {
  const spec = record({
    scale: constantFrom(1, 0.1, 0.01, 0.001, 60, 2),
    offset: constantFrom(0, -40, 10),
  });

  it('return the value within half a step of the scale', () => {
    assert(
      property(spec, integer({ min: -1_000_000, max: 1_000_000 }), ({ scale, offset }, milli) => {
        const entry: ValueSpec = { quantity: 'power', unit: 'kW', scale, offset };
        const decoded = decodeRaw(entry, 'kW', encodeRaw(entry, milli / 1_000, { kind: 'integer' }));
        expect(Math.abs(decoded.value - milli / 1_000)).toBeLessThanOrEqual(scale * 0.5 + 1e-9);
      }),
    );
  });

  it('never meet a sentinel by chance', () => {
    assert(
      property(integer({ min: 65_520, max: 65_535 }), (value) => {
        const sentinels = { '65535': 'no-value', '65534': 'out-of-range', '65533': 'disconnected' } as const;
        const entry: ValueSpec = { quantity: 'speed', unit: 'rpm', sentinels };
        expect(
          decodeRaw(entry, 'rpm', encodeRaw(entry, value, { kind: 'integer', max: 65_535n })).quality,
        ).toBe(good);
      }),
    );
  });

  it('agree on bit fields that share a register', () => {
    assert(
      property(integer({ min: 0, max: 15 }), integer({ min: 0, max: 15 }), (high, low) => {
        const at = (shift: number): ValueSpec => ({
          quantity: 'alarm',
          unit: 'count',
          bits: { shift, mask: 15 },
        });
        const raw =
          BigInt(encodeRaw(at(4), high, { kind: 'integer' })) |
          BigInt(encodeRaw(at(0), low, { kind: 'integer' }));
        expect(decodeRaw(at(4), 'count', raw).value).toBe(high);
        expect(decodeRaw(at(0), 'count', raw).value).toBe(low);
      }),
    );
  });

  it('turn a makers °F, and wrap a counter at its width', () => {
    const warm: ValueSpec = { quantity: 'temperature', unit: '°C', from: '°F' };
    expect(encodeRaw(warm, 25, { kind: 'integer' })).toBe(77);
    const counter: ValueSpec = { quantity: 'in-octets', unit: 'count', counter: 32 };
    expect(encodeRaw(counter, 2 ** 32 + 5, { kind: 'integer' })).toBe(5);
  });

  it('stop at the end of the type', () => {
    expect(
      encodeRaw({ quantity: 'power', unit: 'kW' }, 70_000, { kind: 'integer', min: 0n, max: 65_535n }),
    ).toBe(65_535);
    expect(encodeRaw({ quantity: 'power', unit: 'kW' }, -4, { kind: 'integer', min: 0n, max: 65_535n })).toBe(
      0,
    );
  });
});
