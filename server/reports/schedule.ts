import type { Logger } from 'pino';
import type { Calendar } from '../../config/schema/calendar.ts';
import type { Clock } from '../../core/clock.ts';
import { createLooks } from '../../core/looks.ts';
import { firstWorkingMoment, monthBefore, monthOf } from '../alarm-figures/month.ts';
import type { ReportKind } from '../contracts/reports.ts';
import { monthsAfter } from '../compliance/months.ts';
import type { ReportRepository } from './repository.ts';

/** A report that every month has. */
export interface MonthlyJob {
  readonly kind: ReportKind;
  /** Empty: all sites. */
  readonly site: string;
  readonly make: (month: string) => Promise<unknown>;
}

/** Makes each month's reports on the first working day after it, one after the other; what an outage prevented is made later. */
export interface ReportSchedule {
  /** Call once a second. */
  tick(): void;
  /** Makes what is due now. */
  look(): Promise<void>;
  /** `compliance dc 2026-10` */
  making(): string | null;
  problem(): string | null;
  close(): Promise<void>;
}

const lookEveryMs = 600_000;
/** After the start others come first: alarms, the wall, what was missed. */
const firstLookMs = 30_000;
/** Older months that were never made are left to a person. */
const mostMonths = 12;

export function createReportSchedule(options: {
  readonly jobs: readonly MonthlyJob[];
  readonly repository: Pick<ReportRepository, 'list'>;
  /** Epoch ms of the first thing that is known; undefined: nothing is. */
  readonly begin: () => Promise<number | undefined>;
  /** What else is looked at that often, e.g. documents that expire. */
  readonly also?: () => Promise<void>;
  readonly calendars: readonly Calendar[];
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly log: Logger;
}): ReportSchedule {
  const { jobs, repository, begin, also, calendars, clock, log } = options;
  const looks = createLooks(clock, { everyMs: lookEveryMs, firstAfterMs: firstLookMs }, look);
  let making: string | null = null;
  let problem: string | null = null;

  async function makeDue(): Promise<void> {
    const first = await begin();
    if (first === undefined) return;
    for (const month of dueMonths({ first, now: clock.now(), calendars })) {
      for (const { kind, site, make } of jobs) {
        if (looks.signal.aborted) return;
        if ((await repository.list({ kind, site, month })).length > 0) continue;
        making = [kind, site, month].filter((part) => part !== '').join(' ');
        await make(month);
        log.info({ report: making }, 'a monthly report was made');
      }
    }
  }

  async function look(): Promise<void> {
    try {
      await makeDue();
      await also?.();
      problem = null;
    } catch (error) {
      if (looks.signal.aborted) return;
      if (problem === null) log.error({ err: error, report: making }, 'a monthly report cannot be made; trying again');
      problem = error instanceof Error ? error.message : String(error);
    } finally {
      making = null;
    }
  } // prettier-ignore

  return {
    tick: () => looks.tick(),
    look: () => looks.now(),
    making: () => making,
    problem: () => problem,
    close: () => looks.close(),
  };
}

/** Months whose reports are due, the oldest first: over, with a working day begun since. Pure. */
export function dueMonths({
  first,
  now,
  calendars,
}: {
  readonly first: number;
  readonly now: number;
  readonly calendars: readonly Calendar[];
}): string[] {
  const current = monthOf(now);
  const last = now >= firstWorkingMoment(current, calendars) ? monthBefore(current) : monthBefore(monthBefore(current));
  const months: string[] = [];
  for (let month = last; month >= monthOf(first) && months.length < mostMonths; month = monthsAfter(month, -1))
    months.unshift(month);
  return months;
} // prettier-ignore
