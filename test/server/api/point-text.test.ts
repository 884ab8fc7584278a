import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Point } from '../../../config/model.ts';
import { createIsoWriter, iso } from '../../../core/time.ts';
import { createPointWriter } from '../../../server/api/views/point-text.ts';
import { pointView } from '../../../server/api/views/point.ts';

const texts = ['dc', 'a "b"', 'suhu é', 'q'] as const;
const text = fc.constantFrom(...texts);
const maybe = fc.option(text, { nil: undefined });
const point: fc.Arbitrary<Point> = fc
  .record({
    id: text,
    site: text,
    quantity: text,
    unit: fc.constantFrom('state', '°C', 'kW'),
    room: maybe,
    rack: maybe,
    device: maybe,
    part: maybe,
  })
  .map(({ room, rack, device, part, ...rest }) => ({
    ...rest,
    index: 0,
    owner: { kind: 'device', id: 'd' },
    intervalMs: 1_000,
    staleAfterMs: 3_000,
    source: { from: 'link' },
    ...(room === undefined ? {} : { room }),
    ...(rack === undefined ? {} : { rack }),
    ...(device === undefined ? {} : { device }),
    ...(part === undefined ? {} : { part }),
    ...(rest.unit === 'state' ? { states: new Map([[1, 'terbuka']]) } : {}),
  }));
const at = fc.oneof(
  fc.constant(0),
  fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2026-01-02') }),
  fc.integer({ min: -1e12, max: 4e12 }),
);
const sample = fc.record({
  at,
  value: fc.constantFrom(Number.NaN, 0, -0, 1, -3.25, 1e-9, 4e21),
  quality: fc.integer({ min: 0, max: 12 }),
});
const lastWhole = fc.option(fc.record({ value: fc.constantFrom(2, 0.5), at }), { nil: undefined });

it('writes every point as JSON.stringify writes its view, whichever points came before it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(point, sample, lastWhole), { maxLength: 20 }), (rows) => {
      const write = createPointWriter();
      for (const row of rows) expect(write(...row)).toBe(JSON.stringify(pointView(...row)));
    }),
  );
});

it('writes every time as ISO 8601, whichever times came before it', () => {
  fc.assert(
    fc.property(fc.array(at), (times) => {
      const write = createIsoWriter();
      expect(times.map(write)).toEqual(times.map(iso));
    }),
  );
});
