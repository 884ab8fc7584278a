import { iso, isoOrNull } from '../../core/time.ts';
import type { Model } from '../../config/model.ts';
import type { ReportKind, ReportView, Unsent } from '../contracts/reports.ts';
import type { KeptReports } from './kept.ts';
import type { ReportHead } from './repository.ts';
import type { ReportSchedule } from './schedule.ts';

/** A report cannot be made as asked; the message says why and what to do. */
export class ReportRefused extends Error {
  override readonly name = 'ReportRefused';
}

export interface MakeOptions {
  readonly site: string;
  readonly month: string;
  readonly madeBy: string;
  readonly reason: string | null;
}

export interface MonthlyReportService {
  readonly kept: KeptReports;
  readonly schedule: ReportSchedule;
  list(filter: { kind?: ReportKind | undefined; site?: string | undefined; month?: string | undefined }): Promise<ReportView[]>;
  find(id: string): Promise<ReportView | undefined>;
  /** Another revision. Rejects with ReportRefused. */
  make(kind: ReportKind, options: MakeOptions): Promise<ReportView>;
  /** Why nobody is sent a report; null: somebody is. */
  unsent(): Unsent | null;
} // prettier-ignore

export function createMonthlyReportService(options: {
  readonly model: Model;
  readonly kept: KeptReports;
  readonly schedule: ReportSchedule;
  readonly makers: Readonly<Record<ReportKind, ((options: MakeOptions) => Promise<ReportHead>) | undefined>>;
  readonly recipients: readonly string[];
  readonly hasMail: boolean;
}): MonthlyReportService {
  const { model, kept, schedule, makers, recipients, hasMail } = options;
  const { repository } = kept;
  let making: Promise<unknown> = Promise.resolve();

  async function views(heads: readonly ReportHead[]): Promise<ReportView[]> {
    const ids = heads.map(({ id }) => id);
    const [files, deliveries] = await Promise.all([repository.files(ids), repository.deliveries(ids)]);
    return heads.map((head) => ({
      id: head.id,
      kind: head.kind,
      site: head.site === '' ? null : head.site,
      siteName: model.sites.find(({ id }) => id === head.site)?.name ?? null,
      month: head.month,
      revision: head.revision,
      reason: head.reason,
      madeAt: iso(head.made_at),
      madeBy: head.made_by,
      sha256: head.sha256,
      files: files
        .filter(({ report }) => report === head.id)
        .map(({ name, type, language, bytes, sha256 }) => ({ name, type, language, bytes, sha256 })),
      deliveries: deliveries
        .filter(({ report }) => report === head.id)
        .map(({ person, state, sent_at: at, answer }) => ({ person, state, sentAt: isoOrNull(at), answer })),
    }));
  }

  return {
    kept,
    schedule,
    list: async (filter) => views(await repository.list(filter)),
    async find(id) {
      const head = await repository.find(id);
      return head === undefined ? undefined : (await views([head]))[0];
    },
    async make(kind, asked) {
      const maker = makers[kind];
      if (maker === undefined) throw new ReportRefused('the standard in force has no file in compliance/, so there is nothing to report');
      const earlier = await repository.list({ kind, site: asked.site, month: asked.month });
      if (earlier.length > 0 && asked.reason === null)
        throw new ReportRefused('there is one already; give the reason why it is made again');
      // One at a time: two revisions must not get the same number.
      const mine = making.then(() => maker(asked));
      making = mine.catch(() => undefined);
      const [view] = await views([await mine]);
      if (view === undefined) throw new TypeError('a report that was kept is not there');
      return view;
    },
    unsent() {
      if (recipients.length === 0) return 'no-recipients';
      return hasMail ? null : 'no-mail-server';
    },
  };
} // prettier-ignore
