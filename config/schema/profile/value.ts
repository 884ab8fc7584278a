import { z } from 'zod';
import { deviceKind, factor, intervalClass, limits, slug, unit } from '../common.ts';
import { parseRange } from '../ranges.ts';

export const expression = z.string().refine(isExpression, 'a regular expression');
function isExpression(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** A raw value as the device reports it, or a range of them: `65280..65535`, both ends in it. */
const rawKey = z.string().refine(isRawKey, 'a raw value, or a range "LOW..HIGH" with the lower end first');
function isRawKey(text: string): boolean {
  const range = parseRange(text);
  return range === undefined || range.low <= range.high;
}

/** Why a raw value is not a number; the words are those of a reading's quality. */
export const sentinelReason = z.enum(['no-value', 'out-of-range', 'disconnected']);
export type SentinelReason = z.infer<typeof sentinelReason>;

const state = z.union([
  z.string().min(1),
  z.strictObject({
    name: z.string().min(1),
    /** What the maker calls it, where the name is ours; shown beside it. */
    word: z.string().min(1).optional(),
    /** The number stored for this state; needed where the raw value is text. */
    code: z.int().optional(),
    /** A state that says "I measure nothing" is a bad reading, not a value. */
    bad: sentinelReason.optional(),
  }),
]);

/** Of a value that stands alone and belongs to a part all the same: a phase that has an OID of its own. */
export const ownPart = slug.optional();

/**
 * What turns a raw value into a reading; the same for every protocol. Order: match, octets, signed, sentinel, bits, states,
 * text, scale, unit, plausibility.
 */
export const value = {
  quantity: slug,
  unit,
  /** The value is the first group of this regular expression in the raw text; a text that does not match is bad (decode). */
  match: expression.optional(),
  /** The raw value is a string of bytes, most significant first, that are a number (BITS, counters and floats in octets). */
  octets: z.enum(['unsigned', 'signed', 'float']).optional(),
  /** The raw value is unsigned but means two's complement of this width: 65526 of 16 bits is −10. */
  signed: z.union([z.literal(8), z.literal(16), z.literal(32)]).optional(),
  /** Raw value (before scaling) → why it is no value. */
  sentinels: z.record(rawKey, sentinelReason).optional(),
  /** The raw value is text that holds a number ("30 C", "3.14 A"). */
  text: z.literal('number').optional(),
  /** A bit field: the value is `(raw >> shift) & mask`. */
  bits: z
    .strictObject({ shift: z.int().min(0).max(63).default(0), mask: z.int().min(1).default(1) })
    .optional(),
  /** Raw × scale + offset, in `from` if given, else in the canonical unit. */
  scale: factor.optional(),
  offset: z.number().optional(),
  /** The maker's unit where it is not a factor of ours. */
  from: z.enum(['°F']).optional(),
  /**
   * A power factor of four quadrants in one number: beyond ±1 the current leads, and what is beyond counts back from ±2
   * (1.1 is 0.9 leading). The sign is that of the power; whether it leads is not kept.
   */
  form: z.literal('four-quadrant').optional(),
  /** Raw value or range → name (and code) of the state; only with `unit: state`. A raw value without a name is bad. */
  states: z.record(rawKey, state).optional(),
  /** Limits of plausibility after scaling; outside is bad (out-of-range). */
  plausible: limits.optional(),
  /** The quantity of the device's parts that add up to this one. A total that is a power of ten off from their sum is uncertain. */
  sumOf: slug.optional(),
  /** Counter width, so that a wrap is not read as a fall. */
  counter: z.union([z.literal(32), z.literal(64)]).optional(),
  interval: intervalClass.optional(),
};

/** What every profile says about its model. */
export const head = {
  /** `any`: a generic module; the device entry says what it stands for. */
  kind: z.union([deviceKind, z.literal('any')]),
  maker: z.string().min(1),
  model: z.string().min(1),
  /** Where the map comes from: MIB, manual and page. */
  source: z.string().min(1),
  /** Set while a map was not checked against its maker's own table; shown by `probe` and on the device's page. */
  toBeConfirmed: z.string().optional(),
  interval: intervalClass.default('normal'),
  /** Rules of its kind that cannot judge this model, and why: what its map lacks (docs/coverage.md). */
  cannotTell: z.array(z.strictObject({ rules: z.array(slug).min(1), why: z.string().min(1) })).default([]),
};

/** What a device entry says about one input of a generic profile. */
export const inputPointSchema = z.strictObject({ ...value, part: slug.optional(), input: slug });
export type InputPoint = z.infer<typeof inputPointSchema>;

/** The part of a point's entry that decoding needs, whatever the protocol. */
export const valueSpecSchema = z.object(value);
export type ValueSpec = z.infer<typeof valueSpecSchema>;
