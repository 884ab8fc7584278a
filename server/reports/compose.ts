import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { Teardown } from '../../core/teardown.ts';
import type { AlarmFigures } from '../alarm-figures/service.ts';
import type { FigureRepository } from '../alarm-figures/repository.ts';
import { remindOfDocuments } from '../compliance/reminders.ts';
import { makeComplianceReport } from '../compliance/reporter.ts';
import type { ComplianceService } from '../compliance/service.ts';
import type { Database } from '../db/schema.ts';
import type { Historian } from '../historian/historian.ts';
import type { ChannelDriver } from '../notify/channel.ts';
import { operationsOfMonth } from '../operations-report/read.ts';
import type { LogMark } from '../operations-report/report-pdf.ts';
import { makeOperationsReport } from '../operations-report/reporter.ts';
import type { OperationsView } from '../contracts/operations.ts';
import { createKeptReports } from './kept.ts';
import { createReportMailer } from './mailer.ts';
import { createReportRepository } from './repository.ts';
import { createReportSchedule, type MonthlyJob } from './schedule.ts';
import { createMonthlyReportService, type MakeOptions, type MonthlyReportService } from './service.ts';

export interface OpenReports {
  readonly service: MonthlyReportService;
  /** The operations of a month as they are now. */
  readonly operations: (month: string, signal?: AbortSignal) => Promise<OperationsView>;
  /** Call once a second. */
  tick(): void;
}

/** The monthly reports: made by themselves, kept, and sent. */
export function openReports(
  options: {
    readonly model: Model;
    readonly db: Database;
    readonly dataDir: string;
    readonly historian: Historian;
    readonly alarmFigures: AlarmFigures;
    readonly figureRepository: Pick<FigureRepository, 'begin'>;
    readonly compliance: ComplianceService | undefined;
    readonly mail: ChannelDriver | undefined;
    readonly publicUrl: string;
    /** The newest checkpoint of the log that proves itself. */
    readonly checkpoint: () => Promise<LogMark | undefined>;
    readonly clock: Clock;
    readonly newId: (at: number) => string;
    readonly log: Logger;
  },
  teardown: Teardown,
): OpenReports {
  const { model, db, historian, alarmFigures, compliance, clock, newId, log } = options;
  const repository = createReportRepository(db);
  const kept = createKeptReports({ repository, folder: join(options.dataDir, 'reports'), clock, newId });
  const recipients = model.people?.reports ?? [];
  const isSimulated = model.field === 'simulated';
  const closing = new AbortController();
  const operations = (month: string, signal: AbortSignal = closing.signal): Promise<OperationsView> =>
    operationsOfMonth({ model, db, historian, alarmFigures, clock }, month, signal);

  const makeOperations = (asked: MakeOptions) =>
    makeOperationsReport(
      { read: operations, kept, isSimulated, recipients, checkpoint: options.checkpoint },
      asked,
    );
  const makeCompliance =
    compliance === undefined
      ? undefined
      : (asked: MakeOptions) =>
          makeComplianceReport({ compliance, kept, isSimulated, recipients, clock }, asked);
  const byServer = { madeBy: 'server', reason: null };
  const jobs: MonthlyJob[] = [
    ...(makeCompliance === undefined
      ? []
      : model.sites.map(({ id: site }): MonthlyJob => ({
          kind: 'compliance',
          site,
          make: (month) => makeCompliance({ site, month, ...byServer }),
        }))),
    { kind: 'operations', site: '', make: (month) => makeOperations({ site: '', month, ...byServer }) },
  ];

  async function begin(): Promise<number | undefined> {
    const begins: (number | undefined)[] = [];
    for (const { id } of model.sites)
      begins.push(await options.figureRepository.begin(id), await compliance?.repository.begin(id));
    const known = begins.filter((each) => each !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  const schedule = createReportSchedule({
    jobs,
    repository,
    begin,
    calendars: model.calendars,
    clock,
    log,
    ...(compliance === undefined
      ? {}
      : { also: () => remindOfDocuments({ compliance, repository, recipients, clock, newId }) }),
  });
  const mailer = createReportMailer({
    kept,
    channel: options.mail,
    persons: model.people?.persons ?? [],
    publicUrl: options.publicUrl,
    clock,
    log,
  });
  teardown.add('monthly reports', async () => {
    closing.abort(new Error('the server stops'));
    await schedule.close();
    await mailer.close();
  });
  return {
    service: createMonthlyReportService({
      model,
      kept,
      schedule,
      makers: { compliance: makeCompliance, operations: makeOperations },
      recipients,
      hasMail: options.mail !== undefined,
    }),
    operations,
    tick() {
      schedule.tick();
      mailer.tick();
    },
  };
}
