import type { Database } from '../db/schema.ts';
import type { ComplianceChangeTable, ComplianceWatchTable } from '../db/schema/reports.ts';
import type { Range } from '../historian/historian.ts';

export type ChangeRow = Readonly<ComplianceChangeTable>;
export type WatchRow = Readonly<ComplianceWatchTable>;

export type ComplianceRepository = ReturnType<typeof createComplianceRepository>;

/** The only place that knows the SQL of verdicts over time. */
export function createComplianceRepository(db: Database) {
  return {
    /** The changes of this round and how far each site's watch goes now, in one transaction. */
    async write({ changes, watches }: { readonly changes: readonly ChangeRow[]; readonly watches: readonly WatchRow[] }): Promise<void> {
      await db.transaction().execute(async (trx) => {
        for (let first = 0; first < changes.length; first += 500)
          await trx.insertInto('compliance_change').values(changes.slice(first, first + 500)).execute();
        for (const watch of watches)
          await trx
            .insertInto('compliance_watch')
            .values(watch)
            .onConflict((conflict) => conflict.column('id').doUpdateSet({ to_at: watch.to_at }))
            .execute();
      });
    },
    /** The newest change of every row and proof up to a time. */
    async latest(site: string, at: number): Promise<ChangeRow[]> {
      return db
        .selectFrom('compliance_change')
        .selectAll()
        .where('id', 'in', (query) =>
          query
            .selectFrom('compliance_change')
            .select(({ fn }) => fn.max('id').as('id'))
            .where('site', '=', site)
            .where('at', '<=', at)
            .groupBy(['row', 'proof']),
        )
        .execute();
    },
    /** Changes within, in the order in which they came. */
    async changes(site: string, { from, to }: Range): Promise<ChangeRow[]> {
      return db
        .selectFrom('compliance_change')
        .selectAll()
        .where('site', '=', site)
        .where('at', '>', from)
        .where('at', '<', to)
        .orderBy('id')
        .execute();
    },
    /** Times in which the site was judged, cut to the range. */
    async watched(site: string, { from, to }: Range): Promise<Range[]> {
      const rows = await db
        .selectFrom('compliance_watch')
        .select(['from_at', 'to_at'])
        .where('site', '=', site)
        .where('to_at', '>', from)
        .where('from_at', '<', to)
        .orderBy('from_at')
        .execute();
      return rows.map((row) => ({ from: Math.max(from, row.from_at), to: Math.min(to, row.to_at) }));
    },
    /** The last one of each site, so that a restart goes on with it. */
    async lastWatch(site: string): Promise<WatchRow | undefined> {
      return db
        .selectFrom('compliance_watch')
        .selectAll()
        .where('site', '=', site)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
    },
    /** When a site was judged first; undefined: never. */
    async begin(site: string): Promise<number | undefined> {
      const row = await db
        .selectFrom('compliance_watch')
        .select('from_at')
        .where('site', '=', site)
        .orderBy('from_at')
        .limit(1)
        .executeTakeFirst();
      return row?.from_at;
    },
    /** Of a module: how many field events of these kinds a site had, and tickets whose time touches the range. */
    async accessCounts(site: string, { from, to }: Range, kinds: readonly string[]): Promise<{ readonly events: number; readonly tickets: number }> {
      const [events, tickets] = await Promise.all([
        db
          .selectFrom('field_event')
          .select(({ fn }) => fn.countAll<number | string>().as('count'))
          .where('site', '=', site)
          .where('at', '>=', from)
          .where('at', '<', to)
          .where('kind', 'in', [...kinds])
          .executeTakeFirst(),
        db
          .selectFrom('ticket')
          .select(({ fn }) => fn.countAll<number | string>().as('count'))
          .where('site', '=', site)
          .where('from_at', '<', to)
          .where('to_at', '>', from)
          .executeTakeFirst(),
      ]);
      return { events: Number(events?.count ?? 0), tickets: Number(tickets?.count ?? 0) };
    },
  };
} // prettier-ignore
