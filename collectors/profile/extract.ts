import type { ValueSpec } from '../../config/schema/profile.ts';
import type { RawValue } from '../drivers/driver.ts';
import { plainText } from './text.ts';

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
    if (bytes.length === 4) return bytes.readFloatBE();
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
