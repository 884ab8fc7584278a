import type { Database } from '../db/schema.ts';
import type { ReportDeliveryTable, ReportFileTable, ReportTable } from '../db/schema/reports.ts';

export type ReportRow = Readonly<ReportTable>;
export type ReportFileRow = Readonly<ReportFileTable>;
export type DeliveryRow = Readonly<ReportDeliveryTable>;
/** Without the figures, which can be some megabytes. */
export type ReportHead = Omit<ReportRow, 'data'>;

export interface ReportFilter {
  readonly kind?: ReportRow['kind'] | undefined;
  readonly site?: string | undefined;
  readonly month?: string | undefined;
}

/** A list of reports is years of months; it never grows beyond this. */
const mostListed = 500;
const headColumns = [
  'id',
  'kind',
  'site',
  'month',
  'revision',
  'reason',
  'made_at',
  'made_by',
  'sha256',
] as const;

export type ReportRepository = ReturnType<typeof createReportRepository>;

/** The only place that knows the SQL of kept reports. A report is never changed: there is no update of it. */
export function createReportRepository(db: Database) {
  return {
    /** The newest month first, of a month the newest revision first. */
    list({ kind, site, month }: ReportFilter): Promise<ReportHead[]> {
      let query = db.selectFrom('report').select(headColumns);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (site !== undefined) query = query.where('site', '=', site);
      if (month !== undefined) query = query.where('month', '=', month);
      return query.orderBy('month', 'desc').orderBy('id', 'desc').limit(mostListed).execute();
    },
    find(id: string): Promise<ReportHead | undefined> {
      return db.selectFrom('report').select(headColumns).where('id', '=', id).executeTakeFirst();
    },
    async data(id: string): Promise<string | undefined> {
      return (await db.selectFrom('report').select('data').where('id', '=', id).executeTakeFirst())?.data;
    },
    async files(reports: readonly string[]): Promise<ReportFileRow[]> {
      if (reports.length === 0) return [];
      return db.selectFrom('report_file').selectAll().where('report', 'in', [...reports]).orderBy('name').execute();
    },
    async deliveries(reports: readonly string[]): Promise<DeliveryRow[]> {
      if (reports.length === 0) return [];
      return db.selectFrom('report_delivery').selectAll().where('report', 'in', [...reports]).orderBy('id').execute();
    },
    /** The report with its files and the mails about it, or nothing of them. */
    async add(report: ReportRow, files: readonly ReportFileRow[], deliveries: readonly DeliveryRow[]): Promise<void> {
      await db.transaction().execute(async (trx) => {
        await trx.insertInto('report').values(report).execute();
        if (files.length > 0) await trx.insertInto('report_file').values([...files]).execute();
        if (deliveries.length > 0) await trx.insertInto('report_delivery').values([...deliveries]).execute();
      });
    },
    async addDeliveries(deliveries: readonly DeliveryRow[]): Promise<void> {
      if (deliveries.length > 0) await db.insertInto('report_delivery').values([...deliveries]).execute();
    },
    /** Whether a mail of this subject was written to the person already. */
    async hasDelivery(person: string, subject: string): Promise<boolean> {
      const row = await db.selectFrom('report_delivery').select('id').where('person', '=', person).where('subject', '=', subject).limit(1).executeTakeFirst();
      return row !== undefined;
    },
    waiting(limit: number): Promise<DeliveryRow[]> {
      return db.selectFrom('report_delivery').selectAll().where('state', '=', 'waiting').orderBy('id').limit(limit).execute();
    },
    async settle(id: string, change: Pick<DeliveryRow, 'state' | 'attempts' | 'sent_at' | 'answer'>): Promise<void> {
      await db.updateTable('report_delivery').set(change).where('id', '=', id).execute();
    },
  };
} // prettier-ignore
