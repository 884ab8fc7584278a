import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  planBlocks,
  splitBlock,
  type Block,
  type Span,
} from '../../../collectors/drivers/modbus/registers.ts';

const holding = (address: number, length = 1): Span => ({ function: 'holding', address, length });
const shape = (blocks: readonly Block<Span>[]): string[] =>
  blocks.map((block) => `${block.function} ${block.address}+${block.length}`);

const anySpan = fc.record({
  function: fc.constantFrom('holding' as const, 'input' as const, 'discrete' as const),
  address: fc.integer({ min: 0, max: 400 }),
  length: fc.constantFrom(1, 2, 4),
});
const anyLimits = fc.record({
  maxRegisters: fc.integer({ min: 4, max: 125 }),
  maxGap: fc.integer({ min: 0, max: 20 }),
});

describe('planBlocks', () => {
  test('merges neighbours and short gaps, starts anew at a long gap', () => {
    const spans = [holding(10, 2), holding(0), holding(4, 2), holding(30)];
    expect(shape(planBlocks(spans, { maxRegisters: 100, maxGap: 4 }))).toEqual([
      'holding 0+12',
      'holding 30+1',
    ]);
  });

  test('keeps a value of two registers whole when the limit falls in its middle', () => {
    const spans = [holding(0, 2), holding(2, 2), holding(4, 2)];
    expect(shape(planBlocks(spans, { maxRegisters: 5, maxGap: 0 }))).toEqual(['holding 0+4', 'holding 4+2']);
  });

  test('never mixes functions', () => {
    const spans = [holding(0), { function: 'input' as const, address: 1, length: 1 }];
    expect(planBlocks(spans, { maxRegisters: 100, maxGap: 10 })).toHaveLength(2);
  });

  test('covers every span once, within the limits, whatever the map', () => {
    fc.assert(
      fc.property(fc.array(anySpan, { maxLength: 80 }), anyLimits, (spans, limits) => {
        const blocks = planBlocks(spans, limits);
        expect(blocks.flatMap((block) => block.spans).toSorted(byPlace)).toEqual(spans.toSorted(byPlace));
        for (const block of blocks) {
          expect(block.length).toBeLessThanOrEqual(limits.maxRegisters);
          expect(longestHole(block)).toBeLessThanOrEqual(limits.maxGap);
          for (const span of block.spans) {
            expect(span.function).toBe(block.function);
            expect(span.address).toBeGreaterThanOrEqual(block.address);
            expect(span.address + span.length).toBeLessThanOrEqual(block.address + block.length);
          }
        }
      }),
    );
  });
});

describe('splitBlock', () => {
  const only = (spans: Span[]): Block<Span> => {
    const [block] = planBlocks(spans, { maxRegisters: 125, maxGap: 50 });
    if (block === undefined) throw new Error('no block');
    return block;
  };

  test('leaves the holes out first, then asks value by value, then gives up', () => {
    const block = only([holding(0), holding(1), holding(10, 2), holding(12)]);
    const dense = splitBlock(block);
    expect(shape(dense)).toEqual(['holding 0+2', 'holding 10+3']);
    expect(dense.flatMap((each) => shape(splitBlock(each)))).toEqual([
      'holding 0+1',
      'holding 1+1',
      'holding 10+2',
      'holding 12+1',
    ]);
    expect(splitBlock(only([holding(7), holding(7)]))).toEqual([]);
  });

  test('ends, and loses no span, however often it is applied', () => {
    fc.assert(
      fc.property(fc.array(anySpan, { minLength: 1, maxLength: 40 }), (spans) => {
        const leaves: Span[] = [];
        const todo = planBlocks(spans, { maxRegisters: 125, maxGap: 20 });
        for (let block = todo.pop(); block !== undefined; block = todo.pop()) {
          const smaller = splitBlock(block);
          if (smaller.length === 0) leaves.push(...block.spans);
          todo.push(...smaller);
        }
        expect(leaves.toSorted(byPlace)).toEqual(spans.toSorted(byPlace));
      }),
    );
  });
});

function byPlace(a: Span, b: Span): number {
  return a.function.localeCompare(b.function) || a.address - b.address || a.length - b.length;
}

function longestHole(block: Block<Span>): number {
  let end = block.address;
  let hole = 0;
  for (const span of block.spans.toSorted(byPlace)) {
    hole = Math.max(hole, span.address - end);
    end = Math.max(end, span.address + span.length);
  }
  return hole;
}
