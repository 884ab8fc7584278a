import type { Model } from '../../config/model.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import { dayMs, wibStart } from '../../core/wib.ts';
import { loadTestContent } from '../contracts/load-tests.ts';
import {
  loadTestDocument,
  type DeficiencyView,
  type LoadTestDocument,
  type LoadTestProof,
  type LoadTestView,
  type SignatureForm,
} from '../contracts/load-test-document.ts';
import type { DeficiencyRow, DossierRepository, RevisionRow, SignatureRow } from './dossier-repository.ts';
import { namesOf } from '../../config/names.ts';
import { hashOf } from './hash.ts';
import { documentFor, signaturesFor, type Reader } from './names.ts';
import type { LoadTestPlans } from './plans.ts';

/** What was asked for is not to be done to this report; the message says why, and what to do instead. */
export class DossierRefused extends Error {
  override readonly name = 'DossierRefused';
}

/** Who was in the rooms of a site around a moment; null: not known. */
export type PresenceOf = (site: string, moment: number) => Promise<LoadTestDocument['presence']>;

/** A revision with all that is signed of it. */
export interface Revision {
  readonly row: RevisionRow;
  readonly document: LoadTestDocument;
  /** What is or would be signed, byte for byte. */
  readonly text: string;
  readonly sha256: string;
  readonly signatures: readonly SignatureRow[];
}

export interface Dossier {
  /** The latest revision unless one is named. Undefined: there is none. */
  revision(test: string, number?: number): Promise<Revision | undefined>;
  view(test: string, reader: Reader, number?: number): Promise<LoadTestView | undefined>;
  /** For everybody: names as initials. */
  proof(test: string, number?: number): Promise<LoadTestProof | undefined>;
  /** Rejects with DossierRefused once the report is signed. Undefined: there is no such run. */
  addDeficiency(
    test: string,
    deficiency: { readonly text: string; readonly owner: string; readonly due: string },
    actor: string,
  ): Promise<DeficiencyView | undefined>;
  /** Rejects with DossierRefused. Undefined: there is none. */
  closeDeficiency(id: string, by: { readonly actor: string; readonly closing: string }): Promise<DeficiencyView | undefined>;
} // prettier-ignore

const mostDeficiencies = 50;

/** Gathers the report of a run. Until its first signature it is made anew each time; after it, it is what was signed. */
export function createDossier(options: {
  readonly model: Model;
  readonly repository: DossierRepository;
  readonly plans: Pick<LoadTestPlans, 'get'>;
  readonly presence: PresenceOf;
  readonly forms: readonly SignatureForm[];
  readonly newId: (at: number) => string;
  readonly clock: { now(): number };
}): Dossier {
  const { model, repository, plans, presence, forms, newId, clock } = options;
  const names = namesOf(model);

  async function gather(row: RevisionRow): Promise<LoadTestDocument> {
    const content = loadTestContent.parse(JSON.parse(row.content));
    const window = { from: Date.parse(content.from), to: Date.parse(content.to) };
    const [alarms, deficiencies, openBefore, previous, planned] = await Promise.all([
      repository.alarms(content.site, window),
      repository.deficiencies(row.test),
      repository.openBefore(content.site, window.from),
      repository.previous(content.site, window.from),
      repository.planOf(row.test, content.site, window),
    ]);
    const plan = planned === undefined ? undefined : await plans.get(planned.id);
    return {
      ...content,
      revision: row.revision,
      reason: row.reason,
      madeBy: row.made_by,
      previous: previous === undefined ? null : { id: previous.id, at: iso(previous.from_at) },
      plan:
        plan === undefined
          ? null
          : { witnesses: plan.witnesses, ticket: plan.ticket, note: plan.note, checklist: plan.checklist },
      alarms: alarms.rows.map(({ alarm, point, since_at: since, until_at: until }) => ({
        point,
        name: ruleName(alarm),
        thing: thingOf(point),
        since: iso(since),
        until: isoOrNull(until),
      })),
      alarmsTotal: alarms.total,
      presence: await presence(content.site, window.to),
      deficiencies: deficiencies.map(deficiencyOf),
      openBefore: openBefore.filter(({ test }) => test !== row.test).map(deficiencyOf),
    };
  }

  function thingOf(id: string): LoadTestDocument['alarms'][number]['thing'] {
    const point = model.pointById.get(id);
    return point === undefined ? null : names.owner(point);
  }

  /** An alarm is `rule@point`; a rule that is configured no more keeps its id. */
  function ruleName(alarm: string): LoadTestDocument['alarms'][number]['name'] {
    const id = alarm.slice(0, alarm.indexOf('@'));
    return model.rules.find(({ rule }) => rule === id)?.name ?? { id, en: id };
  }

  async function revision(test: string, number?: number): Promise<Revision | undefined> {
    const rows = await repository.revisions(test);
    const row = number === undefined ? rows[0] : rows.find((each) => each.revision === number);
    if (row === undefined) return undefined;
    const signatures = (await repository.signatures(test)).filter((each) => each.revision === row.revision);
    if (row.sealed !== null)
      return {
        row,
        signatures,
        document: loadTestDocument.parse(JSON.parse(row.sealed)),
        text: row.sealed,
        sha256: hashOf(row.sealed),
      };
    const document = await gather(row);
    const text = JSON.stringify(document);
    return { row, signatures, document, text, sha256: hashOf(text) };
  }

  return {
    revision,
    async view(test, reader, number) {
      const found = await revision(test, number);
      if (found === undefined) return undefined;
      const { document, row, signatures } = found;
      const all = await repository.revisions(test);
      return {
        ...documentFor(reader, document),
        sealed: row.sealed_at === null ? null : { at: iso(row.sealed_at), sha256: found.sha256 },
        signatures: signaturesFor(reader, signatures).map(signatureOf),
        revisions: all.map((each) => ({
          revision: each.revision,
          madeAt: iso(each.made_at),
          madeBy: each.made_by,
          reason: each.reason,
          isSigned: each.sealed_at !== null,
        })),
        forms: [...forms],
      };
    },
    async proof(test, number) {
      const found = await revision(test, number);
      if (found === undefined) return undefined;
      const { document, row, signatures, sha256 } = found;
      const isIntact = row.sha256 === sha256 && signatures.every((each) => each.sha256 === sha256);
      const latest = (await repository.revisions(test))[0]?.revision ?? document.revision;
      return {
        id: document.id,
        site: document.site,
        siteName: model.sites.find(({ id }) => id === document.site)?.name ?? document.site,
        from: document.from,
        label: document.label,
        verdict: document.verdict,
        revision: document.revision,
        latestRevision: latest,
        sha256: document.sha256,
        documentSha256: row.sha256,
        state: row.sealed_at === null ? 'unsigned' : isIntact ? 'signed' : 'damaged',
        signatures: signaturesFor({ seesNames: false }, signatures).map((each) => {
          const { evidence: _evidence, ...shown } = signatureOf(each);
          return shown;
        }),
        isSimulated: model.field === 'simulated',
      };
    },
    async addDeficiency(test, { text, owner, due }, actor) {
      const [latest] = await repository.revisions(test);
      if (latest === undefined) return undefined;
      if (latest.sealed_at !== null)
        throw new DossierRefused(`revision ${latest.revision} is signed and stays as it is; correct the report first, which makes the next revision`);
      const others = await repository.deficiencies(test);
      if (others.length >= mostDeficiencies) throw new DossierRefused(`there are ${mostDeficiencies} already`);
      const now = clock.now();
      const row: DeficiencyRow = {
        id: newId(now), test, text, owner,
        site: loadTestContent.parse(JSON.parse(latest.content)).site,
        due_at: wibStart(due, '00:00') + dayMs,
        added_by: actor, added_at: now, closed_by: null, closed_at: null, closing: null,
      };
      await repository.addDeficiency(row);
      return deficiencyOf(row);
    },
    async closeDeficiency(id, { actor, closing }) {
      const row = await repository.deficiency(id);
      if (row === undefined) return undefined;
      if (row.closed_at !== null) throw new DossierRefused(`it was closed by ${row.closed_by ?? '?'} already`);
      const change = { closed_by: actor, closed_at: clock.now(), closing };
      await repository.closeDeficiency(id, change);
      return deficiencyOf({ ...row, ...change });
    },
  };
} // prettier-ignore

function deficiencyOf(row: DeficiencyRow): DeficiencyView {
  return {
    id: row.id,
    test: row.test,
    site: row.site,
    text: row.text,
    owner: row.owner,
    dueAt: iso(row.due_at),
    addedBy: row.added_by,
    addedAt: iso(row.added_at),
    closedBy: row.closed_by,
    closedAt: isoOrNull(row.closed_at),
    closing: row.closing,
  };
}

function signatureOf({
  form,
  signed_by,
  signed_at,
  evidence,
}: SignatureRow): LoadTestView['signatures'][number] {
  return { form, signedBy: signed_by, signedAt: iso(signed_at), evidence };
}
