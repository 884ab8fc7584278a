import { monthText } from '../reports/month-text.ts';
import type { KeptReports, MadeFile } from '../reports/kept.ts';
import type { ReportHead } from '../reports/repository.ts';
import type { OperationsView } from '../contracts/operations.ts';
import type { LogMark } from './report-pdf.ts';

/** Makes the report of a month from what is known now, keeps it and writes the mails about it. */
export async function makeOperationsReport(
  { read, kept, isSimulated, recipients, checkpoint }: {
    readonly read: (month: string) => Promise<OperationsView>;
    readonly kept: KeptReports;
    readonly isSimulated: boolean;
    readonly recipients: readonly string[];
    /** The newest of the log. */
    readonly checkpoint: () => Promise<LogMark | undefined>;
  },
  { month, madeBy, reason }: { readonly month: string; readonly madeBy: string; readonly reason: string | null },
): Promise<ReportHead> {
  const view = await read(month);
  const mark = await checkpoint();
  const count = view.sites.flatMap(({ priorities }) => priorities).reduce((sum, each) => sum + each.count, 0);
  const broken = view.sites.flatMap(({ priorities }) => priorities).reduce((sum, each) => sum + each.broken, 0);
  return kept.keep({
    kind: 'operations',
    site: '',
    month,
    reason,
    madeBy,
    data: JSON.stringify({ view, isSimulated }),
    files: async (revision) => {
      const { operationsReportPdf } = await import('./report-pdf.ts');
      const files: MadeFile[] = [];
      for (const language of ['id', 'en'] as const)
        files.push({
          name: `${language === 'id' ? 'operasional' : 'operations'}-${month}-r${revision}.pdf`,
          type: 'application/pdf',
          language,
          bytes: await operationsReportPdf(view, { language, revision, isSimulated, checkpoint: mark }),
        });
      return files;
    },
    mails: recipients.map((person) => ({
      person,
      subject: `Laporan operasional bulanan, ${monthText(month, 'id')}`,
      text: `Laporan operasional ${monthText(month, 'id')} sudah dibuat${isSimulated ? ' (SIMULASI)' : ''}.\n${count} gangguan, ${broken} di antaranya melampaui SLA.`,
    })),
  });
} // prettier-ignore
