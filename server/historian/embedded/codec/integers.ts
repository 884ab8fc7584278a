import { fresh, type Scratch } from './scratch.ts';
import { unzigzag, zigzag, type BitReader, type BitWriter } from './bits.ts';

/**
 * A column of whole numbers (up to 2^49 either way): all alike, or what is left of each after a prediction, in Rice codes of
 * blocks of 64. The prediction is a level (readings around a value), the reading before and a step (slow readings,
 * counters, times on a grid), or a running average (noise around a value that drifts). Numbers that share a divisor are divided by
 * it: registers count in steps of 5 or 0.25.
 */
const kinds = { constant: 0, level: 1, steps: 2, average: 3 } as const;
/** How much of its error the running average takes up with each number: it follows a slow drift and ignores most of the noise. */
const averageGain = 1 / 8;
const blockLength = 64;
/** In the six bits before a block: nothing is left of any. */
const allZero = 63;
/** A quotient of so many ones is followed by the number itself: one spike does not cost its size in ones. */
const longestQuotient = 20;
/** The base of many columns is small and stands in the head. */
const baseInHead = 31;

export interface Decoding {
  readonly needed?: number;
  /** Where columns are made. */
  readonly scratch?: Scratch;
}

export function encodeIntegers(writer: BitWriter, values: Float64Array): void {
  const first = values[0];
  if (first === undefined) return;
  const divisor = divisorOf(values, first);
  if (divisor === 0) {
    writeHead(writer, kinds.constant, { base: first, divisor: 1 });
    return;
  }
  const base = middleOf(values);
  const level = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 1) level[i] = zigzag(((values[i] ?? 0) - base) / divisor);
  const step = stepOf(values);
  const steps = new Float64Array(values.length - 1);
  for (let i = 0; i < steps.length; i += 1)
    steps[i] = zigzag(((values[i + 1] ?? 0) - (values[i] ?? 0) - step) / divisor);
  const around = aroundAverage(values, { first, divisor });
  const bits = { level: bitsOf(level), steps: bitsOf(steps), average: bitsOf(around) };
  if (bits.average < Math.min(bits.level, bits.steps)) {
    writeHead(writer, kinds.average, { base: first, divisor });
    writeBlocks(writer, around);
  } else if (bits.level < bits.steps) {
    writeHead(writer, kinds.level, { base, divisor });
    writeBlocks(writer, level);
  } else {
    writeHead(writer, kinds.steps, { base: first, divisor });
    writer.varint(zigzag(step / divisor));
    writeBlocks(writer, steps);
  }
}

/** The first `needed` of `length` values; nothing after the column can be read unless all are. */
export function decodeIntegers(
  reader: BitReader,
  length: number,
  { needed = length, scratch = fresh }: Decoding = {},
): Float64Array {
  const values = scratch.take(needed);
  if (length === 0) return values;
  const head = reader.bits(8);
  const kind = head & 3;
  const inHead = head >>> 3;
  const base = unzigzag(inHead === baseInHead ? reader.varint() : inHead);
  if (kind === kinds.constant) return values.fill(base);
  const divisor = (head & 4) === 0 ? 1 : reader.varint();
  if (kind === kinds.level) {
    readBlocks(reader, values, 0);
    for (let i = 0; i < needed; i += 1) values[i] = base + unzigzag(values[i] ?? 0) * divisor;
    return values;
  }
  if (kind === kinds.average) {
    readBlocks(reader, values, 1);
    addAverage(values, { first: base, divisor });
    return values;
  }
  const step = unzigzag(reader.varint());
  readBlocks(reader, values, 1);
  let value = base;
  if (needed > 0) values[0] = base;
  for (let i = 1; i < needed; i += 1) {
    value += (unzigzag(values[i] ?? 0) + step) * divisor;
    values[i] = value;
  }
  return values;
}

interface Average {
  readonly first: number;
  readonly divisor: number;
}

/** How far all but the first are from the average of those before them, counted in divisors. */
function aroundAverage(values: Float64Array, { first, divisor }: Average): Float64Array {
  const around = new Float64Array(values.length - 1);
  let average = 0;
  for (let i = 0; i < around.length; i += 1) {
    const number = ((values[i + 1] ?? 0) - first) / divisor;
    around[i] = zigzag(number - Math.floor(average + 0.5));
    average += (number - average) * averageGain;
  }
  return around;
}

/** The reverse, in place. Doubles round alike everywhere, so that the average is the same to the last bit. */
function addAverage(values: Float64Array, { first, divisor }: Average): void {
  let average = 0;
  if (values.length > 0) values[0] = first;
  for (let i = 1; i < values.length; i += 1) {
    const number = Math.floor(average + 0.5) + unzigzag(values[i] ?? 0);
    average += (number - average) * averageGain;
    values[i] = first + number * divisor;
  }
}

function writeHead(
  writer: BitWriter,
  kind: number,
  { base, divisor }: { base: number; divisor: number },
): void {
  const number = zigzag(base);
  const inHead = Math.min(number, baseInHead);
  writer.bits((inHead << 3) | (divisor === 1 ? 0 : 4) | kind, 8);
  if (inHead === baseInHead) writer.varint(number);
  if (divisor !== 1) writer.varint(divisor);
}

/** The greatest common divisor of all differences; 0 when there are none. */
function divisorOf(values: Float64Array, first: number): number {
  let divisor = 0;
  for (const value of values) {
    let rest = Math.abs(value - first);
    while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
    if (divisor === 1) return 1;
  }
  return divisor;
}

/** The usual difference: of times on a grid the grid's width, of a counter its pace. */
function stepOf(values: Float64Array): number {
  const differences = new Float64Array(values.length - 1);
  for (let i = 0; i < differences.length; i += 1) differences[i] = (values[i + 1] ?? 0) - (values[i] ?? 0);
  return middleOf(differences);
}

/** The middle of some of the values, evenly chosen: no spike moves it, as it would an average. */
function middleOf(values: Float64Array): number {
  const stride = Math.ceil(values.length / blockLength);
  const some = new Float64Array(Math.ceil(values.length / stride));
  for (let i = 0; i < some.length; i += 1) some[i] = values[i * stride] ?? 0;
  some.sort();
  return some[some.length >> 1] ?? 0;
}

/** What the numbers cost, roughly: enough to choose between two predictions. */
function bitsOf(numbers: Float64Array): number {
  let bits = 0;
  for (const number of numbers) bits += Math.log2(number + 1);
  return bits;
}

function writeBlocks(writer: BitWriter, numbers: Float64Array): void {
  for (let from = 0; from < numbers.length; from += blockLength) {
    const block = numbers.subarray(from, from + blockLength);
    const low = lowBitsOf(block);
    writer.bits(low, 6);
    if (low === allZero) continue;
    const scale = 2 ** low;
    for (const number of block) {
      const quotient = Math.floor(number / scale);
      if (quotient < longestQuotient) {
        writer.ones(quotient);
        writer.bits(0, 1);
        writer.bits(number % scale, low);
      } else {
        writer.ones(longestQuotient);
        writer.bits(number, 53);
      }
    }
  }
}

/** How many low bits of each number in a block are written as they are: what costs least. */
function lowBitsOf(block: Float64Array): number {
  let sum = 0;
  for (const number of block) sum += number;
  if (sum === 0) return allZero;
  let best = { low: 0, bits: Infinity };
  // Down from what suits the average, which a spike may have raised.
  for (let low = Math.min(Math.ceil(Math.log2(sum / block.length + 1)), 52); low >= 0; low -= 1) {
    const scale = 2 ** low;
    let bits = 0;
    for (const number of block) {
      const quotient = Math.floor(number / scale);
      bits += quotient < longestQuotient ? quotient + 1 + low : longestQuotient + 53;
    }
    if (bits > best.bits) break;
    best = { low, bits };
  }
  return best.low;
}

/** Fills `numbers` from `from` on. */
function readBlocks(reader: BitReader, numbers: Float64Array, from: number): void {
  for (let begin = from; begin < numbers.length; begin += blockLength) {
    const end = Math.min(begin + blockLength, numbers.length);
    const low = reader.bits(6);
    if (low === allZero) numbers.fill(0, begin, end);
    else reader.rice(numbers, { from: begin, to: end, low, most: longestQuotient });
  }
}
