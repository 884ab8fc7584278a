import { dayMs } from '../../core/wib.ts';

/** Indonesian months as people write them in a spreadsheet, and the English ones that a program may have put there. */
const months: readonly (readonly string[])[] = [
  ['januari', 'jan', 'january'],
  ['februari', 'feb', 'pebruari', 'february'],
  ['maret', 'mar', 'march'],
  ['april', 'apr'],
  ['mei', 'may'],
  ['juni', 'jun', 'june'],
  ['juli', 'jul', 'july'],
  ['agustus', 'agu', 'agt', 'ags', 'aug', 'august'],
  ['september', 'sep', 'sept'],
  ['oktober', 'okt', 'oct', 'october'],
  ['november', 'nov', 'nopember', 'nop'],
  ['desember', 'des', 'dec', 'december'],
];

const wibMs = 7 * 3_600_000;
const time = String.raw`(?:[ ,T]+(?:pukul |pkl\.? |jam )?(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?)?(?: ?WIB)?`;
const iso = new RegExp(String.raw`^(\d{4})-(\d{1,2})-(\d{1,2})${time}$`, 'i');
const slashes = new RegExp(String.raw`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})${time}$`, 'i');
const words = new RegExp(String.raw`^(?:\p{L}+,? +)?(\d{1,2}) +(\p{L}+)\.? +(\d{4})${time}$`, 'iu');
const withOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/i;

/** What a cell of a date may look like, for whoever has to correct one. */
export const momentForms = '"3 Desember 2026 08.00", "03/12/2026 08:00" or "2026-12-03 08:00" (WIB)';

/**
 * A date as it is written in Indonesia (day before month) or ISO 8601, with or without a time; WIB unless it names an offset. A day alone is
 * its beginning, or, for the end of a window, its end. Undefined: it is none, or no such day exists.
 */
export function parseMoment(text: string, place: 'from' | 'to'): number | undefined {
  const written = text.trim().replaceAll(/\s+/g, ' ');
  if (withOffset.test(written)) return orUndefined(Date.parse(written.toUpperCase()));
  const byIso = iso.exec(written);
  if (byIso !== null) return momentOf([byIso[1], byIso[2], byIso[3]], byIso.slice(4), place);
  const bySlashes = slashes.exec(written);
  if (bySlashes !== null)
    return momentOf([bySlashes[3], bySlashes[2], bySlashes[1]], bySlashes.slice(4), place);
  const byWords = words.exec(written);
  if (byWords === null) return undefined;
  const month = months.findIndex((names) => names.includes((byWords[2] ?? '').toLowerCase()));
  return month < 0
    ? undefined
    : momentOf([byWords[3], String(month + 1), byWords[1]], byWords.slice(4), place);
}

/** A cell that the spreadsheet itself holds as a date: its clock face, read as WIB. */
export function momentOfCell(cell: Date, place: 'from' | 'to'): number {
  const at = Math.round(cell.getTime() / 1_000) * 1_000;
  const isDayAlone = at % dayMs === 0;
  return at - wibMs + (isDayAlone && place === 'to' ? dayMs : 0);
}

function momentOf(
  day: readonly (string | undefined)[],
  clock: readonly (string | undefined)[],
  place: 'from' | 'to',
): number | undefined {
  const [year = 0, month = 0, date = 0] = day.map(Number);
  const [hours, minutes, seconds] = clock;
  const midnight = Date.UTC(year, month - 1, date);
  const there = new Date(midnight);
  if (there.getUTCMonth() !== month - 1 || there.getUTCDate() !== date) return undefined;
  if (hours === undefined) return midnight - wibMs + (place === 'to' ? dayMs : 0);
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds ?? 0)];
  // 24.00 is how the end of a day is written.
  if (h > 24 || m > 59 || s > 59 || (h === 24 && m + s > 0)) return undefined;
  return midnight - wibMs + ((h * 60 + m) * 60 + s) * 1_000;
}

function orUndefined(at: number): number | undefined {
  return Number.isNaN(at) ? undefined : at;
}
