import { monthName, monthStart } from '../alarm-figures/period.ts';

/** This month and the year before it, `2026-11`, the newest first. */
export function recentMonths(now: number): string[] {
  return Array.from({ length: 13 }, (_, back) => monthName(monthStart(now, -back)));
}

/** Begin and end of a link to the curve around a moment: enough before it to see how it came. */
export function aroundMoment(point: string, at: string): string {
  const moment = Date.parse(at);
  const wib = (ms: number): string => `${new Date(ms + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;
  const search = new URLSearchParams({
    kurva: point,
    dari: wib(moment - 3_600_000),
    sampai: wib(moment + 3_600_000),
  });
  return `/tren?${search.toString()}`;
}
