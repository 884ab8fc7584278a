import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { createLooks } from '../../core/looks.ts';
import { alarmFiguresView, type AlarmFiguresView, type AlarmReportView } from '../contracts/alarm-figures.ts';
import { firstWorkingMoment, monthBefore, monthOf, monthPeriod } from './month.ts';
import type { FigureRepository } from './repository.ts';
import type { AlarmFigures } from './service.ts';

/** The figures of a month are written down on the first working day after it, and stay as they were then. */
export interface MonthlyReports {
  /** Call once a second. */
  tick(): void;
  /** Months that have their report, latest first. */
  list(): Promise<AlarmReportView[]>;
  /** As they were written down; else as they are now, which is provisional. */
  of(month: string, signal?: AbortSignal): Promise<{ readonly figures: AlarmFiguresView; readonly isFinal: boolean }>;
  /** Resolves when nothing is being made. */
  settled(): Promise<void>;
  /** Why the last month has no report although it is due. */
  problem(): string | undefined;
  close(): Promise<void>;
} // prettier-ignore

const lookEveryMs = 600_000;

export function createMonthlyReports(options: {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Logger;
  readonly figures: AlarmFigures;
  readonly repository: FigureRepository;
}): MonthlyReports {
  const { model, clock, log, figures, repository } = options;
  const neededDays = model.alarmAims.needed.days;
  const looks = createLooks(clock, { everyMs: lookEveryMs }, look);
  let problem: string | undefined;

  async function makeIfDue(): Promise<void> {
    const now = clock.now();
    if (now < firstWorkingMoment(monthOf(now), model.calendars)) return;
    const month = monthBefore(monthOf(now));
    if ((await repository.report(month)) !== undefined) return;
    const period = monthPeriod(month, neededDays);
    const begins = await Promise.all(model.sites.map(({ id }) => repository.begin(id)));
    // A server that was not there yet has nothing to report.
    if (!begins.some((begin) => begin !== undefined && begin < period.to)) return;
    const view = await figures.read(period, looks.signal);
    await repository.addReport({ month, made_at: clock.now(), figures: JSON.stringify(view) });
    log.info({ month }, 'the figures of the alarm system of last month are written down');
  }

  async function look(): Promise<void> {
    try {
      await makeIfDue();
      problem = undefined;
    } catch (error) {
      if (looks.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      if (problem === undefined)
        log.error({ err: error }, 'the report of the alarm system cannot be made; trying again');
      problem = reason;
    }
  }

  return {
    tick: () => looks.tick(),
    list: () => repository.reports(),
    async of(month, signal) {
      const stored = await repository.report(month);
      if (stored !== undefined) return { figures: alarmFiguresView.parse(JSON.parse(stored)), isFinal: true };
      return { figures: await figures.read(monthPeriod(month, neededDays), signal), isFinal: false };
    },
    settled: () => looks.settled(),
    problem: () => problem,
    close: () => looks.close(),
  };
}
