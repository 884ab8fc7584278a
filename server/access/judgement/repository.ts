import { before, type ListPlace } from '../../db/list-place.ts';
import { inChunks } from '../../db/rows.ts';
import type { Executor } from '../../db/schema.ts';
import type { AccessFindingTable } from '../../db/schema/access.ts';
import type { SiteFilter } from '../../../core/site-filter.ts';
import { ofSites } from '../../db/of-sites.ts';

export type FindingRow = Readonly<AccessFindingTable>;

export interface FindingFilter {
  readonly site?: SiteFilter | undefined;
  readonly kind?: FindingRow['kind'] | undefined;
  readonly state?: FindingRow['state'] | undefined;
  readonly ticket?: string | undefined;
  /** Epoch ms, by when it was wrong first; `to` is exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Of the last one shown. */
  readonly after?: ListPlace | undefined;
  readonly limit: number;
}

/** The only place that knows how findings about entries are stored. */
export interface FindingRepository {
  /** Those that are there already stay as they are. */
  add(findings: readonly FindingRow[]): Promise<void>;
  end(ids: readonly string[], at: number): Promise<void>;
  /** Found since then, or live. */
  since(time: number): Promise<FindingRow[]>;
  /** Newest first. */
  list(filter: FindingFilter): Promise<FindingRow[]>;
}

export function findingRepository(db: Executor): FindingRepository {
  return {
    async add(findings) {
      await inChunks(findings, (chunk) =>
        db
          .insertInto('access_finding')
          .values([...chunk])
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute(),
      );
    },
    async end(ids, at) {
      await inChunks(ids, (chunk) =>
        db
          .updateTable('access_finding')
          .set({ state: 'ended', ended_at: at })
          .where('id', 'in', [...chunk])
          .where('state', '=', 'live')
          .execute(),
      );
    },
    since: (time) =>
      db
        .selectFrom('access_finding')
        .selectAll()
        .where((eb) => eb.or([eb('at', '>=', time), eb('state', '=', 'live')]))
        .execute(),
    list({ site, kind, state, ticket, from, to, after, limit }) {
      let query = db
        .selectFrom('access_finding')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit);
      if (site !== undefined) query = query.where(ofSites(site));
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (state !== undefined) query = query.where('state', '=', state);
      if (ticket !== undefined) query = query.where('ticket', '=', ticket);
      if (from !== undefined) query = query.where('at', '>=', from);
      if (to !== undefined) query = query.where('at', '<', to);
      if (after !== undefined) query = query.where(before(after));
      return query.execute();
    },
  };
} // prettier-ignore
