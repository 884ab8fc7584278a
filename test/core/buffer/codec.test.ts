import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { emptyColumns, type Columns } from '../../../core/columns.ts';
import {
  decodeBatch,
  encodeBatch,
  extendPack,
  joinColumns,
  pack,
  partOfPack,
  unpack,
} from '../../../core/buffer/codec.ts';

const row = fc.record({
  series: fc.nat(50_000),
  at: fc.integer({ min: 0, max: 4e12 }),
  value: fc.double(),
  quality: fc.nat(255),
});
type Row = { series: number; at: number; value: number; quality: number };

function columnsOf(rows: readonly Row[]): Columns {
  const columns = emptyColumns(rows.length);
  rows.forEach(({ series, at, value, quality }, index) => {
    columns.series[index] = series;
    columns.at[index] = at;
    columns.value[index] = value;
    columns.quality[index] = quality;
  });
  return columns;
}

function rowsOf({ series, at, value, quality }: Columns): Row[] {
  return Array.from(series, (each, index) => ({
    series: each, at: at[index] ?? -1, value: value[index] ?? -1, quality: quality[index] ?? -1,
  })); // prettier-ignore
}

const inOrder = (rows: readonly Row[]): Row[] => rows.toSorted((a, b) => a.series - b.series || a.at - b.at);

it('gives back what was put in, by point and time, whatever the values', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 200 }), (rows) => {
      expect(rowsOf(decodeBatch(encodeBatch(columnsOf(rows))))).toEqual(inOrder(rows));
    }),
  );
});

it('joins batches without losing a reading', () => {
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 20 }), { maxLength: 6 }), (batches) => {
      const joined = joinColumns(batches.map((rows) => decodeBatch(encodeBatch(columnsOf(rows)))));
      expect(inOrder(rowsOf(joined))).toEqual(inOrder(batches.flatMap(inOrder)));
    }),
  );
});

it('extends a pack, and part of one, without losing a reading or disturbing the whole', () => {
  const reading = fc.record({ point: fc.string(), at: fc.nat(), value: fc.double(), quality: fc.nat(255) });
  const some = fc.array(reading, { maxLength: 20 });
  fc.assert(
    fc.property(some, fc.array(some, { maxLength: 8 }), fc.nat(20), (first, more, from) => {
      let packed = pack(first);
      for (const readings of more) packed = extendPack(packed, readings);
      const all = [...first, ...more.flat()];
      expect(unpack(packed)).toEqual(all);
      const part = extendPack(partOfPack(packed, from, all.length), first);
      expect(unpack(part)).toEqual([...all.slice(from), ...first]);
      expect(unpack(packed)).toEqual(all);
    }),
  );
});

it('notices a damaged byte', () => {
  const blob = encodeBatch(columnsOf(Array.from({ length: 50 }, (_, index) => ({ series: index, at: 1e12 + index, value: index / 7, quality: 0 })))); // prettier-ignore
  fc.assert(
    fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
      const damaged = Uint8Array.from(blob);
      damaged[place] = (damaged[place] ?? 0) ^ change;
      let seen: unknown;
      try {
        seen = rowsOf(decodeBatch(damaged));
      } catch {
        return;
      }
      // Bits of the header that say nothing about the content may change.
      expect(seen).toEqual(rowsOf(decodeBatch(blob)));
    }),
  );
});
