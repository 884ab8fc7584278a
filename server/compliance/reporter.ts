import { monthText } from '../reports/month-text.ts';
import type { KeptReports, MadeFile } from '../reports/kept.ts';
import type { ReportHead } from '../reports/repository.ts';
import { documentView } from './document-view.ts';
import type { ComplianceReportData } from './report-pdf.ts';
import type { ComplianceService } from './service.ts';

const pdf = 'application/pdf';
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Makes the report of a site and month from what is known now, keeps it and writes the mails about it. */
export async function makeComplianceReport(
  { compliance, kept, isSimulated, recipients, clock }: {
    readonly compliance: ComplianceService;
    readonly kept: KeptReports;
    readonly isSimulated: boolean;
    /** Persons of people.yaml. */
    readonly recipients: readonly string[];
    readonly clock: { now(): number };
  },
  { site, month, madeBy, reason }: { readonly site: string; readonly month: string; readonly madeBy: string; readonly reason: string | null },
): Promise<ReportHead> {
  const view = await compliance.month(site, month);
  const rows = await compliance.documents.list(site);
  const kinds = compliance.documentKinds();
  // What is true only now is no part of a report on a month.
  const data: ComplianceReportData = {
    view: { ...view, items: view.items.map((item) => ({ ...item, now: null })), proofs: view.proofs.map((proof) => ({ ...proof, now: null })) },
    documents: rows.filter((row) => row.withdrawn_at === null).map((row) => documentView(row, kinds, clock.now())),
    isSimulated,
  };
  const count = (verdict: string): number => view.items.filter((item) => item.verdict === verdict).length;
  return kept.keep({
    kind: 'compliance',
    site,
    month,
    reason,
    madeBy,
    data: JSON.stringify(data),
    files: (revision) => filesOf(data, revision),
    mails: recipients.map((person) => ({
      person,
      subject: `Laporan kepatuhan BAB IV ${view.siteName}, ${monthText(month, 'id')}`,
      text: [
        `Laporan kepatuhan BAB IV ${view.siteName} untuk ${monthText(month, 'id')} sudah dibuat${isSimulated ? ' (SIMULASI)' : ''}.`,
        `Terpenuhi: ${count('holds')} baris. Tidak terpenuhi: ${count('fails')}. Belum terbukti: ${count('not-proven')}.`,
      ].join('\n'),
    })),
  });
} // prettier-ignore

async function filesOf(data: ComplianceReportData, revision: number): Promise<MadeFile[]> {
  const { complianceReportPdf } = await import('./report-pdf.ts');
  const { complianceReportXlsx } = await import('./report-xlsx.ts');
  const files: MadeFile[] = [];
  for (const language of ['id', 'en'] as const) {
    const word = language === 'id' ? 'kepatuhan' : 'compliance';
    const name = `${word}-${data.view.site}-${data.view.month}-r${revision}`;
    files.push(
      {
        name: `${name}.pdf`,
        type: pdf,
        language,
        bytes: await complianceReportPdf(data, { language, revision }),
      },
      { name: `${name}.xlsx`, type: xlsx, language, bytes: await complianceReportXlsx(data, language) },
    );
  }
  return files;
}
