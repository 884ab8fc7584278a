import { decodeIntegers, encodeIntegers, type Decoding } from './integers.ts';
import { fresh, type Scratch } from './scratch.ts';
import type { BitReader, BitWriter } from './bits.ts';

/**
 * Doubles as whole numbers, so that they come back to the last bit. A register of one decimal is a whole number of tenths. A sum of
 * such registers (2.0300000000000002) is one too, and a few of the smallest steps that a double can make beside it. Every
 * other double is its two words.
 */
export type Form = 'decimals' | 'decimals and ulps' | 'words';
interface Parts {
  readonly form: Form;
  readonly decimals: number;
  /** One column, or two of the same length. */
  readonly columns: readonly Float64Array[];
}

const forms = ['decimals', 'decimals and ulps', 'words'] as const;
const mostDecimals = 12;
/** So that differences of differences stay whole. */
const largest = 2 ** 49;
const mostUlps = 15;
const wordScale = 2 ** 32;

/** Two views of eight bytes: the words of a double. */
interface Words {
  readonly double: Float64Array;
  readonly word: Uint32Array;
}
function createWords(): Words {
  const double = new Float64Array(1);
  return { double, word: new Uint32Array(double.buffer) };
}

/** Finite values only. */
export function partsOf(values: Float64Array): Parts {
  const decimals = decimalsOf(values, (value, digits) =>
    Object.is(Math.round(value * 10 ** digits) / 10 ** digits, value),
  );
  const exact = decimals === undefined ? undefined : inDecimals(values, decimals);
  if (decimals !== undefined && exact !== undefined) return { form: 'decimals', decimals, columns: [exact] };
  const words = createWords();
  const near = decimalsOf(values, (value, digits) => {
    const ulps = ulpsBetween(words, Math.round(value * 10 ** digits) / 10 ** digits, value);
    return Math.abs(ulps) <= mostUlps;
  });
  const close = near === undefined ? undefined : inDecimalsAndUlps(values, near, words);
  if (near !== undefined && close !== undefined) {
    return { form: 'decimals and ulps', decimals: near, columns: close };
  }
  return { form: 'words', decimals: 0, columns: inWords(values, words) };
}

export function valuesOf({ form, decimals, columns }: Parts, scratch: Scratch = fresh): Float64Array {
  const [first = new Float64Array(0), second] = columns;
  const scale = 10 ** decimals;
  const values = scratch.take(first.length);
  if (form === 'decimals' || (form === 'decimals and ulps' && isAllZero(second))) {
    for (let i = 0; i < first.length; i += 1) values[i] = (first[i] ?? 0) / scale;
    return values;
  }
  const words = createWords();
  for (let i = 0; i < first.length; i += 1) {
    const number = first[i] ?? 0;
    const beside = second?.[i] ?? 0;
    if (form === 'words') values[i] = joined(words, number, beside);
    else values[i] = beside === 0 ? number / scale : moved(words, number / scale, beside);
  }
  return values;
}

/** The form, then the columns. Nothing for no values. */
export function encodeDoubles(writer: BitWriter, values: Float64Array): void {
  if (values.length === 0) return;
  const parts = partsOf(values);
  writeForm(writer, parts);
  for (const column of parts.columns) encodeIntegers(writer, column);
}

/** The first `needed` of `length` values, as in `decodeIntegers`. */
export function decodeDoubles(
  reader: BitReader,
  length: number,
  { needed = length, scratch = fresh }: Decoding = {},
): Float64Array {
  if (length === 0) return new Float64Array(0);
  const head = readForm(reader);
  if (head.form === 'decimals') {
    // Nearly all columns: nothing else is made for them.
    const column = decodeIntegers(reader, length, { needed, scratch });
    const scale = 10 ** head.decimals;
    for (let i = 0; i < needed; i += 1) column[i] = (column[i] ?? 0) / scale;
    return column;
  }
  const first = decodeIntegers(reader, length, { scratch });
  const second = decodeIntegers(reader, length, { needed, scratch });
  return valuesOf({ ...head, columns: [first.subarray(0, needed), second] }, scratch);
}

/** The last of the first `needed` values, at least one. Of tens of thousands of columns, so no other is made a double. */
export function decodeLastDouble(
  reader: BitReader,
  length: number,
  { needed, scratch }: Required<Decoding>,
): number {
  const head = readForm(reader);
  if (head.form !== 'decimals') {
    const columns = [scratch, scratch].map((each) => decodeIntegers(reader, length, { scratch: each }));
    const last = columns.map((column) => column.subarray(needed - 1, needed));
    return valuesOf({ ...head, columns: last })[0] ?? Number.NaN;
  }
  return (
    (decodeIntegers(reader, length, { needed, scratch })[needed - 1] ?? Number.NaN) / 10 ** head.decimals
  );
}

export function isAllZero(column: Float64Array = new Float64Array(0)): boolean {
  for (let i = 0; i < column.length; i += 1) if (column[i] !== 0) return false;
  return true;
}

export function writeForm(writer: BitWriter, { form, decimals }: Omit<Parts, 'columns'>): void {
  writer.bits(forms.indexOf(form), 2);
  writer.bits(decimals, 4);
}

export function readForm(reader: BitReader): Omit<Parts, 'columns'> {
  const form = forms[reader.bits(2)];
  if (form === undefined) throw new RangeError('no such form of doubles');
  return { form, decimals: reader.bits(4) };
}

/** The fewest decimals with which `fits` holds for all values; later values may ask for more. */
function decimalsOf(
  values: Float64Array,
  fits: (value: number, decimals: number) => boolean,
): number | undefined {
  let decimals = 0;
  for (const value of values) {
    while (!fits(value, decimals)) {
      decimals += 1;
      if (decimals > mostDecimals) return undefined;
    }
  }
  return decimals;
}

/** Whether a column takes it: not too large, and no zero with a sign. */
export function isWhole(scaled: number): boolean {
  return Math.abs(scaled) <= largest && !Object.is(scaled, -0);
}

function inDecimals(values: Float64Array, decimals: number): Float64Array | undefined {
  const scale = 10 ** decimals;
  const column = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    const scaled = Math.round(value * scale);
    if (!isWhole(scaled) || !Object.is(scaled / scale, value)) return undefined;
    column[i] = scaled;
  }
  return column;
}

/** Undefined when some value is too far from every decimal of so many digits. */
export function inDecimalsAndUlps(
  values: Float64Array,
  decimals: number,
  words = createWords(),
): readonly Float64Array[] | undefined {
  const scale = 10 ** decimals;
  const column = new Float64Array(values.length);
  const ulps = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    const scaled = Math.round(value * scale);
    const beside = ulpsBetween(words, scaled / scale, value);
    if (!isWhole(scaled) || !(Math.abs(beside) <= mostUlps)) return undefined;
    column[i] = scaled;
    ulps[i] = beside;
  }
  return [column, ulps];
}

function inWords(values: Float64Array, { double, word }: Words): readonly Float64Array[] {
  const high = new Float64Array(values.length);
  const low = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    double[0] = values[i] ?? 0;
    high[i] = word[1] ?? 0;
    low[i] = word[0] ?? 0;
  }
  return [high, low];
}

/** How many doubles lie between two of one sign; NaN when their signs differ. */
function ulpsBetween({ double, word }: Words, from: number, to: number): number {
  double[0] = from;
  const [fromLow = 0, fromHigh = 0] = word;
  double[0] = to;
  const [toLow = 0, toHigh = 0] = word;
  if (fromHigh >= wordScale / 2 !== toHigh >= wordScale / 2) return Number.NaN;
  return (toHigh - fromHigh) * wordScale + (toLow - fromLow);
}

function moved(words: Words, value: number, ulps: number): number {
  words.double[0] = value;
  const [low = 0, high = 0] = words.word;
  const sum = low + ulps;
  const carry = Math.floor(sum / wordScale);
  return joined(words, high + carry, sum - carry * wordScale);
}

function joined({ double, word }: Words, high: number, low: number): number {
  word[0] = low;
  word[1] = high;
  return double[0] ?? 0;
}
