import { z } from 'zod';
import { instant } from './common.ts';

export const reportKind = z.enum(['compliance', 'operations']);
export type ReportKind = z.infer<typeof reportKind>;

const reportFile = z.object({
  name: z.string(),
  type: z.string(),
  language: z.enum(['id', 'en']),
  bytes: z.int(),
  sha256: z.string(),
});

/** A report of a month as it was made; what is made again is another revision, and the old one stays. */
export const reportView = z.object({
  id: z.string(),
  kind: reportKind,
  /** Null: all sites. */
  site: z.string().nullable(),
  siteName: z.string().nullable(),
  month: z.string(),
  revision: z.int(),
  /** Why it was made again. */
  reason: z.string().nullable(),
  madeAt: instant,
  /** `server`: by itself. */
  madeBy: z.string(),
  /** Of the figures that the files are made of. */
  sha256: z.string(),
  files: z.array(reportFile),
  deliveries: z.array(
    z.object({
      person: z.string(),
      state: z.enum(['waiting', 'sent', 'failed']),
      sentAt: instant.nullable(),
      answer: z.string().nullable(),
    }),
  ),
});
export type ReportView = z.infer<typeof reportView>;

const unsent = z.enum(['no-recipients', 'no-mail-server']);
export type Unsent = z.infer<typeof unsent>;

export const reportsView = z.object({
  items: z.array(reportView),
  next: z.null(),
  /** What is being made at this moment. */
  making: z.string().nullable(),
  /** Why a report that is due is not there. */
  problem: z.string().nullable(),
  /** Why nobody is sent one: `people.yaml` names nobody under `reports`, or PANTAU_SMTP_URL is not set and the mails wait. Null: somebody is. */
  unsent: unsent.nullable(),
});

export const reportInput = z.strictObject({
  kind: reportKind,
  /** Of compliance: which site. */
  site: z.string().min(1).max(100).optional(),
  month: z.string(),
  /** Why it is made again; needed where there is one already. */
  reason: z.string().trim().min(3).max(500).optional(),
});
