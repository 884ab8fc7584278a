import { wibDay } from '../../core/wib.ts';
import { periodOf } from './period.ts';

export interface Due {
  /** Whole days (WIB) since the last test; null: none is known. */
  readonly daysSince: number | null;
  /** End of the period (WIB) that asks for the next test, epoch ms, exclusive; null: nothing to count from. */
  readonly by: number | null;
  /** Days that are left, the last one included; 0: overdue since today; negative: overdue for longer. */
  readonly daysLeft: number | null;
}

/**
 * When the next test is due (SC-11/IT/2023 BAB IV.6): a test fulfils the period in which it began, so the next one is asked for by the end
 * of the period after it, however early in its own period the last one was.
 */
export function dueOf(lastTest: number | null, everyMonths: number, now: number): Due {
  if (lastTest === null) return { daysSince: null, by: null, daysLeft: null };
  const by = periodOf(periodOf(lastTest, everyMonths).to, everyMonths).to;
  return { daysSince: wibDay(now) - wibDay(lastTest), by, daysLeft: wibDay(by) - wibDay(now) };
}
