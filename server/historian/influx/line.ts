import { isStorable, normalise } from '../normalise.ts';
import type { StoredReading } from '../historian.ts';

export const measurement = 'reading';

/**
 * One line of InfluxDB's line protocol, times in ms: `reading,point=<id> value=21.5,quality=0i 1764000000000`. A bad reading has
 * no `value`, since the protocol knows no NaN. Undefined for a reading that cannot be stored at all.
 */
export function encodeLine(reading: StoredReading): string | undefined {
  if (!isStorable(reading)) return undefined;
  const { at, value, quality } = normalise(reading);
  const number = Number.isNaN(value) ? '' : `value=${value},`;
  return `${measurement},point=${escapeTag(encodePoint(reading.point))} ${number}quality=${quality}i ${at}`;
}

/**
 * A tag can hold no line break and no backslash at its end, however escaped, and a NUL or a lone backslash reads differently from
 * version to version: those characters are stored as %XX.
 */
export function encodePoint(point: string): string {
  return point.replace(/[%\\\p{Cc}]/gu, (char) => encodeURIComponent(char));
}

/** A tag written by other software, which does not decode, stays as it is. */
export function decodePoint(stored: string): string {
  try {
    return decodeURIComponent(stored);
  } catch {
    return stored;
  }
}

function escapeTag(tag: string): string {
  return tag.replace(/[,= ]/g, (char) => `\\${char}`);
}

/** For InfluxQL, within single quotes. A point is encoded before and so holds no backslash. */
export function quoteText(text: string): string {
  return `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
}

/** For InfluxQL, names within double quotes. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`)}"`;
}
