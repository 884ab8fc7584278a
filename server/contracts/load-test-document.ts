import { z } from 'zod';
import { label } from '../../config/schema/common.ts';
import { instant } from './common.ts';
import { loadTestContent } from './load-tests.ts';

/** The report of a genset run as people read and sign it. */

export const deficiencyView = z.object({
  id: z.string(),
  /** The run that showed it. */
  test: z.string(),
  site: z.string(),
  text: z.string(),
  owner: z.string(),
  /** End of the day (WIB) by which it is to be mended. */
  dueAt: instant,
  addedBy: z.string(),
  addedAt: instant,
  closedBy: z.string().nullable(),
  closedAt: instant.nullable(),
  /** What was done. */
  closing: z.string().nullable(),
});
export type DeficiencyView = z.infer<typeof deficiencyView>;

/** What is signed: the run as it was judged, and all that belongs to its report. */
export const loadTestDocument = loadTestContent.extend({
  revision: z.int().min(1),
  /** Why the revision before was corrected; null: the first one. `continued`: another attempt followed. */
  reason: z.string().nullable(),
  /** Null: the server itself. */
  madeBy: z.string().nullable(),
  /** The test before it that was run to its end. */
  previous: z.object({ id: z.string(), at: instant }).nullable(),
  /** Null: it was not planned. */
  plan: z
    .object({
      witnesses: z.array(z.string()),
      ticket: z.string().nullable(),
      note: z.string().nullable(),
      checklist: z.array(
        z.object({ text: label, tickedBy: z.string().nullable(), tickedAt: instant.nullable() }),
      ),
    })
    .nullable(),
  /** Alarms that stood during the run, the first ones of `alarmsTotal`. */
  alarms: z.array(
    z.object({
      point: z.string(),
      name: label,
      /** What it stands at. Null in what was signed before it was kept. */
      thing: label.nullable().default(null),
      since: instant,
      until: instant.nullable(),
    }),
  ),
  alarmsTotal: z.int(),
  /** Who was in the rooms, without names; null: not known. `room` null: inside, in a room that nobody has said. */
  presence: z
    .array(
      z.object({
        room: z.string().nullable(),
        name: label.nullable(),
        persons: z.int(),
        tickets: z.array(z.string()),
      }),
    )
    .nullable(),
  deficiencies: z.array(deficiencyView),
  /** Of earlier runs of the site, not mended when this one was. */
  openBefore: z.array(deficiencyView),
});
export type LoadTestDocument = z.infer<typeof loadTestDocument>;

export const signatureForm = z.enum(['application', 'local-key', 'bsre']);
export type SignatureForm = z.infer<typeof signatureForm>;

const signatureView = z.object({
  form: signatureForm,
  signedBy: z.string(),
  signedAt: instant,
  /** What the signer answered: a certificate's subject, a document's id. */
  evidence: z.string().nullable(),
});

export const loadTestView = loadTestDocument.extend({
  /** Null: nobody has signed, and it may still be added to. */
  sealed: z.object({ at: instant, sha256: z.string() }).nullable(),
  signatures: z.array(signatureView),
  /** All of them, the latest first. */
  revisions: z.array(
    z.object({
      revision: z.int(),
      madeAt: instant,
      madeBy: z.string().nullable(),
      reason: z.string().nullable(),
      isSigned: z.boolean(),
    }),
  ),
  /** Forms of signature that this installation offers. */
  forms: z.array(signatureForm),
});
export type LoadTestView = z.infer<typeof loadTestView>;

/** What anybody may know who holds the printed report. */
export const loadTestProof = z.object({
  id: z.string(),
  site: z.string(),
  siteName: z.string(),
  from: instant,
  label: loadTestContent.shape.label,
  verdict: loadTestContent.shape.verdict,
  revision: z.int(),
  latestRevision: z.int(),
  /** Of the readings, and of the signed document; null: it is not signed. */
  sha256: z.string(),
  documentSha256: z.string().nullable(),
  /** signed: unchanged since it was signed; damaged: what is stored is not what was signed. */
  state: z.enum(['unsigned', 'signed', 'damaged']),
  signatures: z.array(signatureView.omit({ evidence: true })),
  isSimulated: z.boolean(),
});
export type LoadTestProof = z.infer<typeof loadTestProof>;

const words = (most: number) => z.string().trim().min(1).max(most);

export const deficiencyInput = z.strictObject({
  text: words(500),
  owner: words(120),
  /** The last day, WIB. */
  due: z.iso.date(),
});
export const closingInput = z.strictObject({ closing: words(500) });
export const correctionInput = z.strictObject({ reason: words(500) });
export const signInput = z.strictObject({
  form: signatureForm,
  /** Of the user who signs, entered again. */
  password: z.string().min(1).max(200),
  /** For `bsre`: the identity number and the passphrase of the certificate; neither is kept. */
  nik: z.string().regex(/^\d{16}$/, '16 digits').optional(),
  passphrase: z.string().min(1).max(200).optional(),
}); // prettier-ignore
