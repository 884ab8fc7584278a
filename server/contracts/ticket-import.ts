import { z } from 'zod';

/** A file of tickets: CSV in UTF-8 or XLSX, told by its content; `data` is base64. */
export const importInput = z.strictObject({
  name: z.string().trim().min(1).max(200),
  data: z.base64(),
  /** Only looks: nothing is imported. */
  dryRun: z.boolean().default(true),
  /** Imports the good rows and leaves the bad ones; otherwise one bad row stops all. */
  onlyGood: z.boolean().default(false),
});

const mistake = z.object({
  /** As a spreadsheet counts: the header is row 1. */
  row: z.int(),
  column: z.string(),
  /** Kind of the mistake; a page says it in the reader's language. */
  code: z.string(),
  message: z.string(),
});
export type ImportMistake = z.infer<typeof mistake>;

export const importReport = z.object({
  rows: z.int(),
  /** Rows that are imported, or would be. */
  good: z.int(),
  /** Rows whose reference has a ticket already: they are left as they are. */
  repeated: z.int(),
  /** Rows with mistakes. */
  bad: z.int(),
  mistakes: z.array(mistake),
  /** Columns that mean nothing here; they were not read. */
  ignoredColumns: z.array(z.string()),
  imported: z.int(),
});
export type ImportReport = z.infer<typeof importReport>;
