import { z } from 'zod';
import { instant } from './common.ts';

/** A command that came through the API. */
export const auditEntryView = z.object({
  id: z.string(),
  at: instant,
  /** A user, `token:NAME`, or empty: not signed in. */
  actor: z.string(),
  role: z.string(),
  address: z.string(),
  method: z.string(),
  path: z.string(),
  subject: z.string(),
  status: z.int(),
  /** JSON of the body, without secrets and personal fields. */
  input: z.string(),
  problem: z.string().nullable(),
});
export type AuditEntryView = z.infer<typeof auditEntryView>;

/** The newest signed checkpoint of the log. */
const checkpointView = z.object({
  number: z.int(),
  size: z.int(),
  /** Base64. */
  root: z.string(),
  at: instant,
  /** C2SP tlog-checkpoint: the signed text, with the countersignatures that there are. */
  note: z.string(),
});

export const logView = z.object({
  /** Entries that are durable now; those beyond the checkpoint are in the next one. */
  size: z.int(),
  /** C2SP verifier key of this installation. */
  key: z.string(),
  checkpoint: checkpointView.nullable(),
  witnesses: z.array(
    z.object({
      name: z.string(),
      key: z.string(),
      /** Of the last checkpoint that it countersigned. */
      number: z.int(),
      size: z.int().nullable(),
      at: instant,
    }),
  ),
  /** What is wrong, in a sentence; null: nothing is known to be. */
  problem: z.string().nullable(),
});

export const logProofView = z.object({
  size: z.int(),
  root: z.string(),
  /** Base64, in the order of RFC 6962. */
  hashes: z.array(z.string()),
});

export const logEntryView = z.object({
  sequence: z.int(),
  kind: z.string(),
  ref: z.string(),
  leaf: z.string(),
  /** What the leaf is the hash of, personal fields as commitments; null: its row is gone. */
  data: z.string().nullable(),
});

/** What a verification of the whole log found. */
export const verificationResult = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('verified'),
    entries: z.int(),
    /** Base64; empty: entries are missing, so that it cannot be computed. */
    root: z.string(),
    checkpoints: z.int(),
    /** Personal values that were erased on record. */
    erased: z.int(),
    /** Of which `findings` has the first ones; 0: every value is what was logged. */
    problems: z.int(),
    findings: z.array(z.object({ what: z.string(), sequence: z.int().nullable(), message: z.string() })),
  }),
  z.object({ state: z.literal('failed'), reason: z.string() }),
]);
export type VerificationResult = z.infer<typeof verificationResult>;

export const logVerificationView = z.object({
  /** Null: none runs. */
  running: z.object({ actor: z.string(), startedAt: instant, done: z.int(), of: z.int() }).nullable(),
  /** The one that ended last; null: none has. */
  last: z
    .object({ actor: z.string(), startedAt: instant, endedAt: instant, result: verificationResult })
    .nullable(),
});
export type LogVerificationView = z.infer<typeof logVerificationView>;

/** A request that changes something, and what became of it. */
export interface CommandRecord {
  /** Empty: not signed in. */
  readonly actor: string;
  readonly role: string;
  readonly address: string;
  readonly method: string;
  /** Of the endpoint. */
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly status: number;
  readonly problem: string | null;
}
