import { shortestFloat32 } from '../../core/float32.ts';
import type { ValueSpec } from '../../config/schema/profile.ts';
import type { RawValue } from '../drivers/driver.ts';
import { isUtf8 } from 'node:buffer';

type Raw = NonNullable<RawValue['raw']>;

/** Compiled once per expression; there are as many as the profiles hold. */
const expressions = new Map<string, RegExp>();

/** What the profile takes out of a raw value before it looks at it: `match`, then `octets`, then `signed`. Undefined: it is not there. */
export function extract(spec: ValueSpec, raw: Raw): Raw | undefined {
  const matched = spec.match === undefined ? raw : firstGroup(spec.match, plainText(raw));
  const number =
    matched === undefined || spec.octets === undefined ? matched : fromOctets(matched, spec.octets);
  return number === undefined || spec.signed === undefined ? number : twosComplement(number, spec.signed);
}

function firstGroup(pattern: string, text: string): string | undefined {
  let expression = expressions.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(pattern, 'u');
    expressions.set(pattern, expression);
  }
  const match = expression.exec(text);
  return match?.[1] ?? match?.[0];
}

/** Octet strings come as Latin-1 text, so a character is a byte. What is a number already stays one. */
function fromOctets(raw: Raw, kind: NonNullable<ValueSpec['octets']>): Raw | undefined {
  if (typeof raw !== 'string') return raw;
  const bytes = Buffer.from(raw, 'latin1');
  if (kind === 'float') {
    if (bytes.length === 4) return shortestFloat32(bytes.readFloatBE());
    return bytes.length === 8 ? bytes.readDoubleBE() : undefined;
  }
  if (bytes.length === 0 || bytes.length > 8) return undefined;
  const whole = BigInt(`0x${bytes.toString('hex')}`);
  return kind === 'signed' ? BigInt.asIntN(bytes.length * 8, whole) : whole;
}

function twosComplement(raw: Raw, width: NonNullable<ValueSpec['signed']>): Raw {
  const number = Number(raw);
  return Number.isInteger(number) && number >= 2 ** (width - 1) && number < 2 ** width
    ? number - 2 ** width
    : raw;
}

/**
 * A raw value as text: without the NULs that some agents send behind it, and without the spaces around it. Bytes come as
 * Latin-1 characters; those that are UTF-8 are read as such, since makers write "°C" either way.
 */
export function plainText(raw: number | bigint | string): string {
  return fromUtf8(String(raw).replace(/\0+$/, '')).trim();
}

function fromUtf8(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : text;
}

/** Words by which devices report that they have no value. */
const silence = /^(-{1,4}|n\/?a|nan|null|none|unknown|(?:not |un)available|\?+)?$/i;

/** A number, then at most a unit that holds no digit or colon: dates and times are no numbers. */
const numberAndUnit = /^([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?)\s*(?:[\p{L}%°][^\d:]*)?$/iu;
const plainNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** "30 C", "3.14 A", "20,4" → number; "N/A", "--", "" → `no-value`; anything else → `decode`. A comma is a decimal comma. */
export function parseNumberText(text: string, style: 'plain' | 'with-unit'): number | 'no-value' | 'decode' {
  const trimmed = plainText(text);
  if (silence.test(trimmed)) return 'no-value';
  if (plainNumber.test(trimmed)) return Number(trimmed);
  const digits = style === 'with-unit' ? numberAndUnit.exec(trimmed)?.[1] : undefined;
  return digits === undefined ? 'decode' : Number(digits.replace(',', '.'));
}
