import { z } from 'zod';
import { label } from '../../config/schema/common.ts';
import { instant } from './common.ts';

/** What belongs to the handling of an incident and is read by itself: its files and the reports that the law asks for. */

export const attachmentView = z.object({
  id: z.string(),
  name: z.string(),
  /** Media type, by its content. */
  type: z.string(),
  bytes: z.int(),
  addedAt: instant,
  addedBy: z.string(),
});
export type AttachmentView = z.infer<typeof attachmentView>;
export const attachmentsView = z.object({ files: z.array(attachmentView) });

const who = z.object({ at: instant, by: z.string() });

export const reportView = z.object({
  /** A file of the library's `statutory/`. */
  kind: z.string(),
  name: label,
  clause: z.string(),
  to: label,
  /** A package of who saw whose data goes with it. */
  personalData: z.boolean(),
  fields: z.array(
    z.object({ field: z.string(), name: label, help: label.nullable(), required: z.boolean(), text: z.string() }),
  ),
  /** When it became known; the law's time runs from there, around the clock. */
  knownAt: instant,
  dueAt: instant,
  state: z.enum(['draft', 'sent']),
  opened: who,
  saved: who.nullable(),
  sent: who.extend({ receipt: z.string().nullable() }).nullable(),
  /** Goes back with what is saved: nobody overwrites another one's work. */
  version: z.int(),
}); // prettier-ignore
export type ReportView = z.infer<typeof reportView>;

export const reportsView = z.object({
  reports: z.array(reportView),
  /** Those that are not opened yet. */
  possible: z.array(z.object({ kind: z.string(), name: label, clause: z.string(), withinMs: z.number() })),
});
