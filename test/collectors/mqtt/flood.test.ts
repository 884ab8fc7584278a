import { describe, expect, test } from 'vitest';
import { createFloodGate } from '../../../collectors/drivers/mqtt/broker.ts';

describe('a device that sends too much', () => {
  const many = (count: number, gate = createFloodGate<string, number>(1), bytes = 20) => {
    let passed = 0;
    for (let number = 1; number <= count; number += 1) if (gate.pass('a', number, bytes)) passed += 1;
    return { gate, passed };
  };

  test('is read up to its share, and then once a tick with the newest of each topic', () => {
    const { gate, passed } = many(50_000);
    expect(passed).toBeLessThanOrEqual(200);
    expect(passed).toBeGreaterThan(150);
    expect(gate.pass('b', 7, 20)).toBe(false);
    expect(gate.tick()).toEqual({ waiting: [['a', 50_000], ['b', 7]], surplus: 50_001 - passed }); // prettier-ignore
    expect(gate.tick()).toEqual({ waiting: [], surplus: 0 });
    expect(gate.pass('a', 1, 20)).toBe(true);
  });

  test('pays for long messages by their length, and gets at least one through', () => {
    expect(many(10, undefined, 1_000_000).passed).toBe(1);
  });

  test('has a larger share when it speaks for many', () => {
    expect(many(3_000, createFloodGate(1_000), 0).passed).toBe(3_000);
  });
});
