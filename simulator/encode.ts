import type { ValueSpec } from '../config/schema/profile.ts';
import { parseRange, rangeOf } from '../config/schema/ranges.ts';
import type { Measured } from './values/place.ts';

/** A raw value as a device holds it before its protocol packs it. */
export type Raw = number | bigint | string;

/** What the protocol can hold; `real`: floating point and JSON, which need no whole numbers. */
export interface RawType {
  readonly kind: 'integer' | 'real';
  readonly min?: bigint;
  readonly max?: bigint;
  /** Factor that another column of the row holds; default 1. */
  readonly columnScale?: number;
}

/**
 * The inverse of decoding: canonical value (or state's name) → raw, by the profile's entry. Whole raw values are rounded
 * half up and held within the type; one that a profile reads as a sentinel moves by one. Real ones are rounded to
 * a millionth. With `bits` the result stands at its place in the field, to be OR-ed with its neighbours.
 */
export function encodeRaw(spec: ValueSpec, value: Measured, type: RawType): Raw {
  const raw = spec.states !== undefined ? rawState(spec.states, value) : rawNumber(spec, value, type);
  if (spec.bits === undefined) return raw;
  const bits = BigInt(raw) & BigInt(spec.bits.mask);
  return type.kind === 'real' ? Number(bits << BigInt(spec.bits.shift)) : bits << BigInt(spec.bits.shift);
}

/** The first raw value of that name; the first state of all where the profile has no such name. */
function rawState(states: NonNullable<ValueSpec['states']>, value: Measured): Raw {
  const usable = Object.entries(states).filter(
    ([, state]) => typeof state === 'string' || state.bad === undefined,
  );
  const named = usable.find(([, state]) => (typeof state === 'string' ? state : state.name) === value);
  const raw = (named ?? usable[0])?.[0] ?? '0';
  return parseRange(raw)?.low ?? (/^-?\d+$/.test(raw) ? Number(raw) : raw);
}

function rawNumber(spec: ValueSpec, value: Measured, type: RawType): Raw {
  const canonical = typeof value === 'number' ? value : Number.NaN;
  const makers = spec.from === '°F' ? (canonical * 9) / 5 + 32 : canonical;
  const scaled = (makers - (spec.offset ?? 0)) / (spec.scale ?? 1) / (type.columnScale ?? 1);
  if (!Number.isFinite(scaled)) return 0;
  if (type.kind === 'real') return avoidSentinel(spec, Math.round(scaled * 1e6) / 1e6);
  return avoidSentinel(spec, held(BigInt(Math.round(scaled)), type, spec.counter));
}

/** A counter starts again at its width; anything else stops at the type's end. */
function held(whole: bigint, { min, max }: RawType, counter: 32 | 64 | undefined): Raw {
  const wrapped = counter === undefined ? whole : BigInt.asUintN(counter, whole);
  const low = min !== undefined && wrapped < min ? min : wrapped;
  const value = max !== undefined && low > max ? max : low;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function avoidSentinel(spec: ValueSpec, raw: Raw): Raw {
  if (spec.sentinels === undefined) return raw;
  const { sentinels } = spec;
  const isSentinel = (value: Raw): boolean =>
    Object.hasOwn(sentinels, String(value)) ||
    (typeof value !== 'string' && rangeOf(sentinels, value) !== undefined);
  let clear = raw;
  while (isSentinel(clear))
    clear =
      typeof clear === 'bigint' ? clear - 1n : Number(clear) > 0 ? Number(clear) - 1 : Number(clear) + 1;
  return clear;
}

/** A faulty sensor's raw value: far outside what its entry calls plausible. */
export function nonsense(spec: ValueSpec): Measured {
  return spec.states !== undefined ? 0 : (spec.plausible?.[1] ?? 1_000) * 10 + 999;
}
