import type { ComplianceVerdict } from '../../contracts/compliance.ts';

/** Compliance, capacity, and the reports that are kept. */
export interface ReportTables {
  compliance_change: ComplianceChangeTable;
  compliance_watch: ComplianceWatchTable;
  compliance_document: ComplianceDocumentTable;
  report: ReportTable;
  report_file: ReportFileTable;
  report_delivery: ReportDeliveryTable;
  capacity_prediction: CapacityPredictionTable;
}

/** From when on a row of BAB IV, or one of its proofs, had a verdict. */
export interface ComplianceChangeTable {
  id: string;
  site: string;
  row: string;
  /** Empty: the row as a whole. */
  proof: string;
  at: number;
  verdict: ComplianceVerdict;
  reason_id: string;
  reason_en: string;
}

/** A time in which the server judged a site without a break. */
export interface ComplianceWatchTable {
  id: string;
  site: string;
  from_at: number;
  to_at: number;
}

/** What proves a row that no sensor measures; its bytes are in the data folder (`compliance/documents`). */
export interface ComplianceDocumentTable {
  id: string;
  site: string;
  /** `document` of the catalogue's proof. */
  kind: string;
  name: string;
  /** Media type, by its content. */
  type: string;
  bytes: number;
  sha256: string;
  note: string | null;
  /** It counts in [valid_from, expires_at). */
  valid_from: number;
  expires_at: number;
  added_at: number;
  added_by: string;
  /** It was a mistake: it does not count from then on, and stays to be seen. */
  withdrawn_at: number | null;
  withdrawn_by: string | null;
  withdrawn_why: string | null;
}

/** A report of a month as it was made; made again, it is another revision. */
export interface ReportTable {
  id: string;
  kind: 'compliance' | 'operations';
  /** Empty: all sites. */
  site: string;
  /** `2026-10`, WIB. */
  month: string;
  /** 1, 2, … */
  revision: number;
  /** Why it was made again. */
  reason: string | null;
  made_at: number;
  /** `server`: by itself. */
  made_by: string;
  /** JSON: the figures of the report. */
  data: string;
  /** Of `data`. */
  sha256: string;
}

export interface ReportFileTable {
  report: string;
  name: string;
  type: string;
  language: 'id' | 'en';
  bytes: number;
  sha256: string;
}

/** A mail about a report, or about a document that expires, to one person. */
export interface ReportDeliveryTable {
  id: string;
  /** Whose files are attached; null: none. */
  report: string | null;
  subject: string;
  text: string;
  person: string;
  state: 'waiting' | 'sent' | 'failed';
  created_at: number;
  attempts: number;
  sent_at: number | null;
  /** What the mail server said, or why it was not sent. */
  answer: string | null;
  /** Where its link leads; null: to the reports. */
  path: string | null;
}

/** What was predicted for a failure just before it happened, and what followed. */
interface CapacityPredictionTable {
  id: string;
  site: string;
  at: number;
  /** JSON: contracts/capacity `elementView[]`. */
  elements: string;
  /** JSON: `Figures` of server/capacity. */
  predicted: string;
  /** Null while it is being watched. */
  judged_at: number | null;
  seen: string | null;
}
