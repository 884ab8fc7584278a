/** Choices of time on the page of the figures. */
export const periodNames = ['30d', '90d', 'month', 'lastMonth'] as const;
export type PeriodName = (typeof periodNames)[number];

const dayMs = 86_400_000;
const wibOffsetMs = 7 * 3_600_000;
/** The page asks for the same time for some minutes, so that going back and forth does not compute it again. */
const stepMs = 300_000;

/** Epoch ms, [from, to); months are those of WIB. */
export function periodOf(name: PeriodName, now: number): { readonly from: number; readonly to: number } {
  const to = Math.ceil(now / stepMs) * stepMs;
  switch (name) {
    case '30d':
      return { from: to - 30 * dayMs, to };
    case '90d':
      return { from: to - 90 * dayMs, to };
    case 'month':
      return { from: monthStart(now, 0), to };
    case 'lastMonth':
      return { from: monthStart(now, -1), to: monthStart(now, 0) };
  }
}

/** Of the month so many months from now, 00.00 WIB. */
export function monthStart(now: number, months: number): number {
  const wib = new Date(now + wibOffsetMs);
  return Date.UTC(wib.getUTCFullYear(), wib.getUTCMonth() + months, 1) - wibOffsetMs;
}

/** `2026-10` */
export function monthName(start: number): string {
  return new Date(start + wibOffsetMs).toISOString().slice(0, 7);
}
