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
 * of the period after it, however early in its own period the last one was. Without a test on record the first whole period since the
 * site is watched asks for one: nobody knows what was tested before.
 */
export function dueOf(
  { lastTest, watchedSince }: { readonly lastTest: number | null; readonly watchedSince: number | null },
  everyMonths: number,
  now: number,
): Due {
  const counted = lastTest ?? watchedSince;
  if (counted === null) return { daysSince: null, by: null, daysLeft: null };
  const by = periodOf(periodOf(counted, everyMonths).to, everyMonths).to;
  const daysSince = lastTest === null ? null : wibDay(now) - wibDay(lastTest);
  return { daysSince, by, daysLeft: wibDay(by) - wibDay(now) };
}
