import { logLoadTestSignature } from '../audit/entries.ts';
import type { Database } from '../db/schema.ts';
import type {
  LoadTestDeficiencyTable,
  LoadTestRevisionTable,
  LoadTestSignatureTable,
} from '../db/schema/load-tests.ts';
import type { Window } from './phases.ts';

export type RevisionRow = Readonly<LoadTestRevisionTable>;
export type SignatureRow = Readonly<LoadTestSignatureTable>;
export type DeficiencyRow = Readonly<LoadTestDeficiencyTable>;

const mostAlarms = 100;

export type DossierRepository = ReturnType<typeof dossierRepository>;

/** The only place that knows how revisions, signatures and deficiencies are stored. */
export function dossierRepository(db: Database) {
  const revisionsOf = (test: string) =>
    db.selectFrom('load_test_revision').selectAll().where('test', '=', test).orderBy('revision', 'desc');
  return {
    /** The latest first. */
    async revisions(test: string): Promise<RevisionRow[]> {
      return revisionsOf(test).execute();
    },
    async signatures(test: string): Promise<SignatureRow[]> {
      return db.selectFrom('load_test_signature').selectAll().where('test', '=', test).orderBy('signed_at').execute();
    },
    /**
     * Seals a revision where it is not sealed yet and adds a signature, with its entry in the log; all of it or nothing. False: the
     * revision is not the latest any more, or was sealed with another content meanwhile.
     */
    async sign(
      seal: { readonly test: string; readonly revision: number; readonly at: number; readonly sealed: string; readonly sha256: string },
      signature: SignatureRow,
    ): Promise<boolean> {
      return db.transaction().execute(async (work) => {
        await work
          .updateTable('load_test_revision')
          .set({ sealed_at: seal.at, sealed: seal.sealed, sha256: seal.sha256 })
          .where('test', '=', seal.test)
          .where('revision', '=', seal.revision)
          .where('sealed_at', 'is', null)
          .execute();
        const [latest] = await work
          .selectFrom('load_test_revision')
          .select(['revision', 'sha256'])
          .where('test', '=', seal.test)
          .orderBy('revision', 'desc')
          .limit(1)
          .execute();
        if (latest?.revision !== seal.revision || latest.sha256 !== seal.sha256) return false;
        await work.insertInto('load_test_signature').values(signature).execute();
        await logLoadTestSignature(work, signature);
        return true;
      });
    },
    async addDeficiency(row: DeficiencyRow): Promise<void> {
      await db.insertInto('load_test_deficiency').values(row).execute();
    },
    async deficiency(id: string): Promise<DeficiencyRow | undefined> {
      return db.selectFrom('load_test_deficiency').selectAll().where('id', '=', id).executeTakeFirst();
    },
    async closeDeficiency(id: string, change: Pick<DeficiencyRow, 'closed_by' | 'closed_at' | 'closing'>): Promise<void> {
      await db.updateTable('load_test_deficiency').set(change).where('id', '=', id).execute();
    },
    async deficiencies(test: string): Promise<DeficiencyRow[]> {
      return db.selectFrom('load_test_deficiency').selectAll().where('test', '=', test).orderBy('id').execute();
    },
    /** Of a site's runs before a moment, those that were not mended by then. */
    async openBefore(site: string, moment: number): Promise<DeficiencyRow[]> {
      return db
        .selectFrom('load_test_deficiency')
        .selectAll()
        .where('site', '=', site)
        .where('added_at', '<', moment)
        .where((of) => of.or([of('closed_at', 'is', null), of('closed_at', '>', moment)]))
        .orderBy('due_at')
        .execute();
    },
    /** Alarms of a site that stood at some time of a window, earliest first, the first of them and their number. */
    async alarms(site: string, { from, to }: Window) {
      const standing = db
        .selectFrom('alarm_occurrence')
        .where('point', '>=', `${site}/`)
        .where('point', '<', `${site}0`)
        .where('since_at', '<=', to)
        .where((of) => of.or([of('until_at', 'is', null), of('until_at', '>=', from)]));
      const rows = await standing
        .select(['alarm', 'point', 'since_at', 'until_at'])
        .orderBy('since_at')
        .limit(mostAlarms)
        .execute();
      const { total } = await standing
        .select((of) => of.fn.countAll<number | string>().as('total'))
        .executeTakeFirstOrThrow();
      return { rows, total: Number(total) };
    },
    /** The plan that a run fulfilled; else the one in whose window it was. */
    async planOf(test: string, site: string, { from, to }: Window) {
      const plans = db.selectFrom('load_test_plan').selectAll();
      const fulfilled = await plans.where('test', '=', test).executeTakeFirst();
      if (fulfilled !== undefined) return fulfilled;
      return plans
        .where('site', '=', site)
        .where('from_at', '<=', to)
        .where('to_at', '>=', from)
        .where('cancelled_at', 'is', null)
        .where('test', 'is', null)
        .orderBy('from_at')
        .executeTakeFirst();
    },
    /** The latest test before a moment that was run to its end. */
    async previous(site: string, moment: number) {
      return db
        .selectFrom('load_test')
        .select(['id', 'from_at'])
        .where('site', '=', site)
        .where('label', '=', 'test')
        .where('completed', '=', 1)
        .where('from_at', '<', moment)
        .orderBy('from_at', 'desc')
        .limit(1)
        .executeTakeFirst();
    },
  };
} // prettier-ignore
