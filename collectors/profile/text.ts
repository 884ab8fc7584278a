import { isUtf8 } from 'node:buffer';

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

/** Words by which devices say that they have nothing to say. */
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
