import { DateTime } from 'luxon';
import type { MqttProfile } from '../../../config/schema/profile.ts';

export type TimeFormat = NonNullable<MqttProfile['time']>['format'];

/** BAB III counts in one zone for all sites (WIB), and a source that names none means the same. */
export const usualZone = 'Asia/Jakarta';

/** Minutes east of UTC of the abbreviations that door controllers print. One that is not here is refused, not guessed. */
const minutesByAbbreviation = new Map(
  Object.entries({
    UTC: 0, GMT: 0, WIB: 420, WITA: 480, WIT: 540, SGT: 480, MYT: 480,
    PST: -480, PDT: -420, EST: -300, EDT: -240, CET: 60, CEST: 120,
  }),
); // prettier-ignore

/**
 * A source's own time → epoch ms; undefined where it is not a time in this format.
 * @param zone IANA zone for `local`, the format that names none
 */
export function parseTime(value: unknown, format: TimeFormat, zone: string): number | undefined {
  if (format === 'epoch-ms' || format === 'epoch-s') {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
    return Math.round(format === 'epoch-s' ? number * 1_000 : number);
  }
  if (typeof value !== 'string') return undefined;
  if (format === 'iso') return parseIso(value);
  return format === 'local' ? parseLocal(value, zone) : parseAbbreviated(value);
}

/** A day of the calendar; of 29 February luxon knows the years. */
const day = /(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)/;

/**
 * What nearly every message has: the engine's own parser reads it the same, twenty times faster than luxon's, which also reads week dates
 * and refuses 30 February.
 */
const plainIso = new RegExp(
  `^\\d{4}-${day.source}T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,3})?(?:Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)$`,
);

/** Without an offset it would mean another moment at every place: refused. */
function parseIso(text: string): number | undefined {
  return /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? momentOf(text) : undefined;
}

/** `text` with an offset. */
function momentOf(text: string): number | undefined {
  return plainIso.test(text) ? Date.parse(text) : valid(DateTime.fromISO(text));
}

function parseLocal(text: string, zone: string): number | undefined {
  return valid(DateTime.fromISO(text.trim().replace(' ', 'T'), { zone }));
}

/** `2021-08-10 10:28:32 PDT`, or with a numeric zone where the place has no abbreviation: `… +07`, `… +0700`. */
function parseAbbreviated(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?) ([A-Z]{3,5}|[+-]\d\d(?::?\d\d)?)$/.exec(
    text.trim(),
  );
  const [, date, time, zone] = match ?? [];
  if (date === undefined || time === undefined || zone === undefined) return undefined;
  const minutes = minutesByAbbreviation.get(zone);
  const utc = momentOf(`${date}T${time}${minutes === undefined && /\d/.test(zone) ? zone : 'Z'}`);
  if (utc === undefined || /\d/.test(zone)) return utc;
  return minutes === undefined ? undefined : utc - minutes * 60_000;
}

function valid(time: DateTime): number | undefined {
  return time.isValid ? time.toMillis() : undefined;
}
