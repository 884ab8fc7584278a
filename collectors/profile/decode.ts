import type { Unit } from '../../config/schema/common.ts';
import type { ValueSpec } from '../../config/schema/profile.ts';
import { type StateMeaning, stateMeanings } from '../../config/schema/states.ts';
import { rangeOf } from '../../config/schema/ranges.ts';
import type { RawValue } from '../drivers/driver.ts';
import { type QualityCode, type Reading, type Reason, good, qualityCode } from '../../core/reading.ts';
import { extract, parseNumberText, plainText } from './extract.ts';

export interface Decoded {
  /** In the canonical unit; NaN exactly when the quality is bad. */
  readonly value: number;
  readonly quality: QualityCode;
}

const decodeError = qualityCode('decode');

/** Parsed once per profile entry; the entries live as long as the model. */
const meanings = new WeakMap<object, ReadonlyMap<string, StateMeaning>>();

/** What cells beside a value say about it. */
export interface Beside {
  readonly scale?: number | undefined;
  readonly from?: '°F' | undefined;
  /** Of a counter: what it would be had it never wrapped. */
  readonly unwrap?: ((raw: number) => number) | undefined;
}

/**
 * What a raw value means by its profile entry. Pure, never throws. Order: null, match, octets, signed, sentinel (on the raw
 * value), bits, states, text, scale × scale of other cells + offset, maker's unit, form, plausibility.
 */
export function decodeRaw(spec: ValueSpec, unit: Unit, raw: RawValue['raw'], beside: Beside = {}): Decoded {
  if (raw === null) return bad('no-value');
  const said = extract(spec, raw);
  if (said === undefined) return bad('decode');
  const sentinel = sentinelReason(spec, said);
  if (sentinel !== undefined) return bad(sentinel);
  const picked = spec.bits === undefined ? said : pickBits(said, spec.bits);
  if (picked === undefined) return bad('decode');
  if (spec.states !== undefined) return decodeState(spec.states, picked);
  const number = toNumber(picked, spec);
  if (typeof number !== 'number') return bad(number);
  const whole = beside.unwrap === undefined ? number : beside.unwrap(number);
  const scaled = plus(times(times(whole, beside.scale ?? 1), spec.scale ?? 1), spec.offset ?? 0);
  const converted = (beside.from ?? spec.from) === '°F' ? fromFahrenheit(scaled) : scaled;
  const value = spec.form === 'four-quadrant' ? fromFourQuadrants(converted) : converted;
  if (!Number.isFinite(value) || (unit === 'state' && !Number.isInteger(value))) return bad('decode');
  if (spec.plausible !== undefined && (value < spec.plausible[0] || value > spec.plausible[1]))
    return bad('out-of-range');
  return { value, quality: good };
}

/** Readings of what a driver brought; `now` stands in for the source time where the device reports none. `counters`: see there. */
export function toReadings(
  raws: readonly RawValue[],
  now: number,
  counters?: Counters,
): { readings: Reading[]; decodeErrors: number } {
  let decodeErrors = 0;
  const readings = raws.map((item): Reading => {
    const { value, quality } = decodeItem(item, counters);
    if (quality === decodeError) decodeErrors += 1;
    return { point: item.point.index, at: item.at ?? now, value, quality };
  });
  return { readings, decodeErrors };
}

function decodeItem(item: RawValue, counters: Counters | undefined): Decoded {
  if (item.raw === null) return bad(item.reason ?? 'no-value');
  const { source, unit, index } = item.point;
  if (source.from !== 'device') return bad('decode');
  const { counter } = source.value;
  if (counter === undefined || counters === undefined) return decodeRaw(source.value, unit, item.raw, item);
  const unwrap = (raw: number): number => counters.unwrap(index, { raw, width: counter, at: item.at });
  return decodeRaw(source.value, unit, item.raw, { scale: item.scale, from: item.from, unwrap });
}

function bad(reason: Reason): Decoded {
  return { value: NaN, quality: qualityCode(reason) };
}

/** Sentinels are written as a device reports them; "9999.0" in a text is 9999 as well. */
function sentinelReason(spec: ValueSpec, raw: number | bigint | string): Reason | undefined {
  const { sentinels } = spec;
  if (sentinels === undefined) return undefined;
  const text = plainText(raw);
  if (Object.hasOwn(sentinels, text)) return sentinels[text];
  const number = typeof raw === 'string' ? toNumber(raw, spec) : raw;
  if (typeof number === 'string') return undefined;
  const key = Object.hasOwn(sentinels, String(number)) ? String(number) : rangeOf(sentinels, number);
  return key === undefined ? undefined : sentinels[key];
}

function pickBits(raw: number | bigint | string, bits: NonNullable<ValueSpec['bits']>): number | undefined {
  const whole = toInteger(raw);
  return whole === undefined ? undefined : Number((whole >> BigInt(bits.shift)) & BigInt(bits.mask));
}

function toInteger(raw: number | bigint | string): bigint | undefined {
  if (typeof raw === 'bigint') return raw;
  const number = typeof raw === 'string' ? parseNumberText(raw, 'plain') : raw;
  return typeof number === 'number' && Number.isInteger(number) ? BigInt(number) : undefined;
}

function decodeState(states: NonNullable<ValueSpec['states']>, raw: number | bigint | string): Decoded {
  let known = meanings.get(states);
  if (known === undefined) {
    known = stateMeanings(states);
    meanings.set(states, known);
  }
  const state = known.get(plainText(raw)) ?? known.get(rangeKey(states, raw) ?? '');
  if (state === undefined) return bad('decode');
  return state.bad === undefined ? { value: state.code, quality: good } : bad(state.bad);
}

function rangeKey(table: object, raw: number | bigint | string): string | undefined {
  const number = toInteger(raw);
  return number === undefined ? undefined : rangeOf(table, number);
}

/** Numbers come as text under any ASN.1 type; a unit behind the number is only taken where the profile expects it. */
function toNumber(raw: number | bigint | string, spec: ValueSpec): number | 'no-value' | 'decode' {
  if (typeof raw !== 'string') return Number(raw);
  return parseNumberText(raw, spec.text === 'number' ? 'with-unit' : 'plain');
}

function fromFourQuadrants(factor: number): number {
  return Math.abs(factor) > 1 ? Math.sign(factor) * 2 - factor : factor;
}

/** Of °F: places beyond those that the device itself has, enough that the rounding is never seen. */
const guardPlaces = 2;
/** No device has more digits than these; what stands behind them is arithmetic. */
const significantDigits = 12;
const powersOfTen: ReadonlySet<number> = new Set(Array.from({ length: 13 }, (_, power) => 10 ** power));

/**
 * A value never shows digits that arithmetic made up: 3 × 0.1 is 0.30000000000000004, but 3 / 10 is 0.3, so a whole number
 * is divided by a power of ten; any other result (cfm, kWh counted in joules) is rounded to `significantDigits`.
 */
function times(value: number, scale: number): number {
  const divisor = Math.round(1 / scale);
  const divides = Math.abs(scale) < 1 && 1 / divisor === scale;
  if (divides && powersOfTen.has(divisor) && Number.isInteger(value)) return value / divisor;
  return withoutNoise(divides ? value / divisor : value * scale);
}

function plus(value: number, offset: number): number {
  return offset === 0 ? value : withoutNoise(value + offset);
}

function withoutNoise(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(significantDigits));
}

/** 73.4 °F are 23 °C, not 23.000000000000004; 74 °F are 23.33. */
function fromFahrenheit(value: number): number {
  const celsius = ((value - 32) * 5) / 9;
  const places = Math.min(placesOf(value), significantDigits) + guardPlaces;
  return Number.isFinite(celsius) ? Number(celsius.toFixed(places)) : celsius;
}

/** How many digits stand behind the point when the value is written out. */
function placesOf(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  const point = digits.indexOf('.');
  return Math.max(0, (point < 0 ? 0 : digits.length - point - 1) - Number(exponent));
}

/** What counters of a fixed width would read had they never wrapped, since the collector began to watch them. */
export interface Counters {
  /** The newest raw value of a point; one that is older than the last seen changes nothing that is remembered. */
  unwrap(point: number, sample: CounterSample): number;
}

interface CounterSample {
  readonly raw: number;
  /** It wraps at 2^width. */
  readonly width: 32 | 64;
  /** Source time, epoch ms; undefined: now. */
  readonly at?: number | undefined;
}

/** Of the width: a counter that falls from above the last quarter to below the first has wrapped; any other fall is a restart. */
const quarter = 0.25;

export function createCounters(): Counters {
  const seen = new Map<number, { readonly raw: number; readonly wraps: number; readonly at: number }>();
  return {
    unwrap(point, { raw, width, at = Infinity }) {
      const range = 2 ** width;
      const last = seen.get(point);
      // A retained or late message of an MQTT device is a fall, but neither a wrap nor a restart.
      if (last !== undefined && at < last.at && Number.isFinite(last.at)) return last.wraps * range + raw;
      const fell = last !== undefined && raw < last.raw;
      const wrapped = fell && last.raw > range * (1 - quarter) && raw < range * quarter;
      const wraps = last === undefined || (fell && !wrapped) ? 0 : last.wraps + (wrapped ? 1 : 0);
      seen.set(point, { raw, wraps, at });
      return wraps * range + raw;
    },
  };
}
