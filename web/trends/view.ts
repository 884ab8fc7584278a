import { dayMs } from '../../core/wib.ts';
import type { Range } from '../history/drawing.ts';

const hourMs = 3_600_000;
/** Choices of time up to now. */
export const lengths = {
  '1h': hourMs,
  '6h': 6 * hourMs,
  '24h': dayMs,
  '7d': 7 * dayMs,
  '30d': 30 * dayMs,
  '90d': 90 * dayMs,
  '1y': 365 * dayMs,
} as const;
export type LengthName = keyof typeof lengths;
export const lengthNames: readonly LengthName[] = ['1h', '6h', '24h', '7d', '30d', '90d', '1y'];

/** How far back the past lies that is laid over; names as in the address. */
export const comparisons = { kemarin: dayMs, 'minggu-lalu': 7 * dayMs } as const;
export type Comparison = keyof typeof comparisons;
export const comparisonNames: readonly Comparison[] = ['kemarin', 'minggu-lalu'];

/** As many lines as have a colour and can be told apart. */
export const mostPoints = 8;
const shortestMs = 60_000;
const longestMs = 366 * dayMs;

/** What the trend page shows; all of it is in the address, so that it can be kept and shared. */
export interface TrendView {
  /** Ids, in the order of their letters. */
  readonly points: readonly string[];
  /** Up to now, or between two times. */
  readonly time: LengthName | Range;
  readonly comparison: Comparison | undefined;
  readonly limits: boolean;
  readonly incidents: boolean;
}

const usual: LengthName = '24h';

/** What is not understood is left out: an old link still opens the page. */
export function readView(search: URLSearchParams): TrendView {
  const points = (search.get('kurva') ?? '').split(',').filter((id) => id !== '');
  const [from, to] = [Date.parse(search.get('dari') ?? ''), Date.parse(search.get('sampai') ?? '')];
  const isRange = Number.isFinite(from) && Number.isFinite(to) && from < to;
  return {
    points: [...new Set(points)].slice(0, mostPoints),
    time: isRange ? bounded({ from, to }) : (lengthNames.find((name) => name === search.get('rentang')) ?? usual),
    comparison: comparisonNames.find((name) => name === search.get('banding')),
    limits: search.get('batas') !== 'tidak',
    incidents: search.get('gangguan') !== 'tidak',
  };
} // prettier-ignore

/** Puts the view into an address and leaves the rest of it; what is as usual is not written. */
export function writeView(search: URLSearchParams, view: TrendView): URLSearchParams {
  const written = new URLSearchParams(search);
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined || value === '') written.delete(name);
    else written.set(name, value);
  };
  const { time } = view;
  set('kurva', view.points.join(','));
  set('rentang', typeof time === 'string' && time !== usual ? time : undefined);
  set('dari', typeof time === 'string' ? undefined : wibText(time.from));
  set('sampai', typeof time === 'string' ? undefined : wibText(time.to));
  set('banding', view.comparison);
  set('batas', view.limits ? undefined : 'tidak');
  set('gangguan', view.incidents ? undefined : 'tidak');
  return written;
}

/** The address of the trend page with one point more; beyond the most the first one makes room. */
export function withPoint(saved: string, point: string): string {
  const search = new URLSearchParams(saved);
  const view = readView(search);
  const others = view.points.filter((id) => id !== point);
  const points = [...others, point].slice(-mostPoints);
  search.delete('titik');
  return `/tren?${writeView(search, { ...view, points }).toString()}`;
}

export function rangeOf(time: TrendView['time'], now: number): Range {
  return typeof time === 'string' ? { from: now - lengths[time], to: now } : time;
}

/** Seconds are enough for an address. */
function wibText(at: number): string {
  return `${wibField(at)}:${String(Math.floor(at / 1_000) % 60).padStart(2, '0')}+07:00`;
}

/** As a field for date and time has it, in WIB: `2026-11-29T08:00`. */
export function wibField(at: number): string {
  return new Date(at + 7 * hourMs).toISOString().slice(0, 16);
}

/** Undefined while the field is not filled in. */
export function fromWibField(text: string): number | undefined {
  const at = Date.parse(`${text}:00+07:00`);
  return Number.isNaN(at) ? undefined : at;
}

/** By a factor below 1 closer, around a time that stays where it is. */
export function zoomed({ from, to }: Range, factor: number, around = (from + to) / 2): Range {
  const length = Math.min(longestMs, Math.max(shortestMs, (to - from) * factor));
  const share = (around - from) / (to - from);
  const begin = Math.round(around - share * length);
  return { from: begin, to: begin + Math.round(length) };
}

/** By a share of its length, later or (negative) earlier; never beyond now, where nothing is known. */
export function moved({ from, to }: Range, share: number, now: number): Range {
  const wanted = (to - from) * share;
  const by = wanted > 0 ? Math.max(0, Math.min(wanted, now - to)) : wanted;
  return { from: Math.round(from + by), to: Math.round(to + by) };
}

/** No shorter than a minute and no longer than a year. */
export function bounded({ from, to }: Range): Range {
  const length = Math.min(longestMs, Math.max(shortestMs, to - from));
  return length === to - from ? { from, to } : { from: to - length, to };
}

/** What a key does to the time; undefined: nothing. */
export function rangeByKey(key: string, range: Range, now: number): Range | undefined {
  switch (key) {
    case 'ArrowLeft':
      return moved(range, -0.2, now);
    case 'ArrowRight':
      return moved(range, 0.2, now);
    case 'PageUp':
      return moved(range, -1, now);
    case 'PageDown':
      return moved(range, 1, now);
    case '+':
    case '=':
      return zoomed(range, 0.5);
    case '-':
      return zoomed(range, 2);
    default:
      return undefined;
  }
}
