import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '../../config/model.ts';
import { writeDurably } from '../../core/durable-file.ts';
import { siteText } from '../../domain/wording/load-test.ts';
import type { LoadTestView, SignatureForm } from '../contracts/load-test-document.ts';
import { DossierRefused, type Dossier, type Revision } from './dossier.ts';
import type { DossierRepository, SignatureRow } from './dossier-repository.ts';
import type { KeptRun, RunKeeper, SitePlant } from './keeper.ts';
import { documentFor, signaturesFor, type Reader } from './names.ts';
import type { Print } from './print-thread.ts';
import type { PdfSigner } from './signing/signer.ts';
import type { Trace } from './signal.ts';

/** The signed file is not in the data folder, or is another one. */
export class SignedFileMissing extends Error {
  override readonly name = 'SignedFileMissing';
}

interface Signing {
  readonly form: SignatureForm;
  readonly user: string;
  readonly nik?: string | undefined;
  readonly passphrase?: string | undefined;
}

interface FileOptions extends Reader {
  readonly language: 'id' | 'en';
  readonly revision?: number | undefined;
}

export interface LoadTestReports {
  /** A correction is the next revision, judged again by the readings and the configuration of now. Rejects with DossierRefused. */
  correct(test: string, by: { readonly reason: string; readonly actor: string }, reader: Reader): Promise<LoadTestView | undefined>;
  /** Signs the latest revision; the first signature seals it. Rejects with DossierRefused or SigningFailed. */
  sign(test: string, by: Signing, reader: Reader): Promise<LoadTestView | undefined>;
  /** As it was signed, where a form that signs files was used and the reader sees names; else made again. Rejects with SignedFileMissing. */
  pdf(test: string, options: FileOptions): Promise<Uint8Array | undefined>;
  xlsx(test: string, options: FileOptions): Promise<Uint8Array | undefined>;
} // prettier-ignore

/** Another attempt would still belong to the run for so long after its end. */
const settledMs = 3 * 60_000;

/** Prints, signs and corrects the reports of runs. */
export function createLoadTestReports(options: {
  readonly model: Pick<Model, 'sites' | 'rooms' | 'field'>;
  readonly plants: readonly SitePlant[];
  readonly keeper: Pick<RunKeeper, 'readings' | 'rejudge'>;
  readonly dossier: Dossier;
  readonly repository: DossierRepository;
  readonly signers: readonly PdfSigner[];
  readonly print: Print;
  /** Signed files. */
  readonly folder: string;
  readonly publicUrl: string;
  /** A run was judged again. */
  readonly onKept: (plant: SitePlant, run: KeptRun) => Promise<void>;
  readonly newId: (at: number) => string;
  readonly clock: { now(): number };
}): LoadTestReports {
  const { model, plants, keeper, dossier, repository, signers, folder, publicUrl, print, onKept, newId, clock } = options;

  function plantOf(site: string): SitePlant | undefined {
    return plants.find((plant) => plant.site.id === site);
  }

  async function readingsOf({ document }: Revision): Promise<Map<string, Trace>> {
    const plant = plantOf(document.site);
    if (plant === undefined) return new Map();
    return keeper.readings(plant.roles, { from: Date.parse(document.from), to: Date.parse(document.to) + 1 });
  }

  async function made(found: Revision, language: 'id' | 'en', reader: Reader): Promise<Uint8Array> {
    const { document, sha256, signatures, row } = found;
    const site = model.sites.find(({ id }) => id === document.site);
    const window = { from: Date.parse(document.from), to: Date.parse(document.to) };
    return print({
      document: documentFor(reader, document),
      options: {
        language,
        siteName: site === undefined ? document.site : `${site.name}, ${site.building}`,
        isSimulated: model.field === 'simulated',
        verifyUrl: `${publicUrl}/verifikasi/${document.id}/${document.revision}`,
        documentSha256: row.sealed === null ? null : sha256,
        signatures: signaturesFor(reader, signatures),
        isMasked: !reader.seesNames,
        rooms: model.rooms
          .filter((room) => room.site === document.site)
          .map(({ id, name }) => ({ id, name })),
      },
      readings: await readingsOf(found),
      window,
    });
  }

  /** The latest signed file; undefined: no signature made one. */
  async function signedFile(signatures: readonly SignatureRow[]): Promise<Uint8Array | undefined> {
    const name = signatures.findLast(({ file }) => file !== null)?.file ?? null;
    if (name === null) return undefined;
    return readFile(join(folder, name)).catch((error: unknown) => {
      throw new SignedFileMissing(`the signed report ${name} is not in the data folder; restore load-tests/${name} from a backup`, { cause: error });
    });
  } // prettier-ignore

  return {
    async correct(test, { reason, actor }, reader) {
      const found = await dossier.revision(test);
      if (found === undefined) return undefined;
      const plant = plantOf(found.document.site);
      if (plant === undefined) throw new DossierRefused(`the site ${found.document.site} is not configured any more`);
      const revised = await keeper.rejudge(plant, test, { by: actor, reason });
      if (revised === undefined)
        throw new DossierRefused('the stored readings show no run at that time any more; the report stays as it is');
      await onKept(plant, revised);
      return dossier.view(test, reader);
    },
    async sign(test, { form, user, nik, passphrase }, reader) {
      const found = await dossier.revision(test);
      if (found === undefined) return undefined;
      const { document, sha256, signatures, text } = found;
      const now = clock.now();
      if (now - Date.parse(document.to) < settledMs)
        throw new DossierRefused('the run ended less than three minutes ago and another attempt would belong to it; sign a little later');
      if (signatures.some((each) => each.signed_by === user && each.form === form))
        throw new DossierRefused(`${user} has signed revision ${document.revision} in this form already`);
      const row: SignatureRow = {
        id: newId(now), test, revision: document.revision, form,
        signed_by: user, signed_at: now, sha256, evidence: null, file: null,
      };
      const signer = signers.find((each) => each.form === form);
      const signed = await (async (): Promise<SignatureRow> => {
        if (form === 'application') return row;
        if (signer === undefined) throw new DossierRefused(`this installation does not sign by ${form}; add it to signing in pantau.yaml`);
        const sealing = { ...found, row: { ...found.row, sealed: text } };
        const pdf = (await signedFile(signatures)) ?? (await made({ ...sealing, signatures: [...signatures, row] }, 'id', { seesNames: true }));
        const answer = await signer.sign({ pdf, reason: `Uji beban ${siteText(document)} ${document.id} r${document.revision}`, signedBy: user, at: now, nik, passphrase });
        const file = `${row.id}.pdf`;
        // The bytes first: a row without a file would be a promise that nobody keeps.
        await writeDurably(join(folder, file), answer.pdf);
        return { ...row, evidence: answer.evidence, file };
      })();
      const seal = { test, revision: document.revision, at: now, sealed: text, sha256 };
      if (!(await repository.sign(seal, signed)))
        throw new DossierRefused('the report changed while it was being signed; look at it again, then sign');
      return dossier.view(test, reader);
    },
    async pdf(test, { language, revision, seesNames }) {
      const found = await dossier.revision(test, revision);
      if (found === undefined) return undefined;
      const file = language === 'id' && seesNames ? await signedFile(found.signatures) : undefined;
      return file ?? made(found, language, { seesNames });
    },
    async xlsx(test, { language, revision }) {
      const found = await dossier.revision(test, revision);
      if (found === undefined) return undefined;
      const { loadTestXlsx } = await import('./report-xlsx.ts');
      return loadTestXlsx(found.document, await readingsOf(found), language);
    },
  };
} // prettier-ignore
