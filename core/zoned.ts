/** The zone that people here write times in. */
export const defaultZone = 'Asia/Jakarta';

/** Offsets of all zones of today change at a quarter of an hour. */
const quarterMs = 900_000;
/** Quarters whose offset is kept: asking for one is slow, and an export asks millions of times in a row. */
const kept = 4_096;

/** Times as people in a zone write them. */
export interface ZonedTime {
  /** `2026-11-29T19:14:05.000+07:00`. */
  iso(at: number): string;
  /** `2026-11-29 19:14:05.000`: what every spreadsheet takes for a time. */
  plain(at: number): string;
}

/** Undefined: there is no such zone. */
export function zonedTime(zone: string): ZonedTime | undefined {
  const format = formatOf(zone);
  if (format === undefined) return undefined;
  const offsets = new Map<number, number>();

  function offsetMs(at: number): number {
    const quarter = Math.floor(at / quarterMs);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    if (offsets.size >= kept) offsets.clear();
    const offset = offsetOf(format, quarter * quarterMs);
    offsets.set(quarter, offset);
    return offset;
  }
  const local = (at: number): string => new Date(at + offsetMs(at)).toISOString().slice(0, -1);

  return {
    iso: (at) => `${local(at)}${offsetText(offsetMs(at))}`,
    plain: (at) => local(at).replace('T', ' '),
  };
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}

function offsetOf(format: Intl.DateTimeFormat | undefined, at: number): number {
  const parts = new Map(format?.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = Date.UTC(
    part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'),
  ); // prettier-ignore
  return local - at;
}

function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
