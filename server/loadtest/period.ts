import { inWib, wibStart } from '../../core/wib.ts';
import type { Window } from './phases.ts';

/** The period (WIB) that asks for one test, [from, to): a calendar month, or several of them counted from January. */
export function periodOf(at: number, everyMonths: number): Window {
  const day = inWib(at);
  const first = Math.floor(day.getUTCMonth() / everyMonths) * everyMonths;
  return { from: monthStart(day.getUTCFullYear(), first), to: monthStart(day.getUTCFullYear(), first + everyMonths) };
} // prettier-ignore

function monthStart(year: number, month: number): number {
  const date = new Date(Date.UTC(year, month, 1));
  return wibStart(date.toISOString().slice(0, 10), '00:00');
}
