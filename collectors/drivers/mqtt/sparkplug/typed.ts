import type { RawValue } from '../../driver.ts';
import type { Metric } from './payload.ts';

/** Widths of the types that hold whole numbers, by their number in the standard; negative: signed. */
const integers: ReadonlyMap<number, number> = new Map([
  [1, -8],
  [2, -16],
  [3, -32],
  [4, -64],
  [5, 8],
  [6, 16],
  [7, 32],
  [8, 64],
  [13, 64],
]);
const boolean = 11;

/**
 * What a metric of this type says. Signed integers travel as two's complement, of which encoders send 32 or 64 bits as
 * they please; Booleans are the states `true` and `false`.
 */
export function typedValue(
  { isNull, value }: Pick<Metric, 'isNull' | 'value'>,
  datatype: number,
): Pick<RawValue, 'raw' | 'reason'> {
  if (isNull || value === undefined) return { raw: null, reason: 'no-value' };
  if (typeof value === 'boolean') return { raw: String(value) };
  if (typeof value === 'object') return { raw: null, reason: 'decode' };
  if (typeof value !== 'bigint') return { raw: value };
  if (datatype === boolean) return { raw: String(value !== 0n) };
  const width = integers.get(datatype);
  if (width === undefined) return { raw: null, reason: 'decode' };
  const whole = width < 0 ? BigInt.asIntN(-width, value) : BigInt.asUintN(width, value);
  const number = Number(whole);
  return { raw: Number.isSafeInteger(number) ? number : whole };
}
