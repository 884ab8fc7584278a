import type { Database } from '../db/schema.ts';
import type { TicketSeriesTable } from '../db/schema/tickets.ts';
import { insertTicket, type NewTicket } from './repository.ts';
import type { SiteFilter } from '../../core/site-filter.ts';
import { ofSites } from '../db/of-sites.ts';

/** The only place that knows how series of visits are stored. */
export interface SeriesRepository {
  add(series: TicketSeriesTable): Promise<void>;
  find(id: string): Promise<TicketSeriesTable | undefined>;
  /** Newest first; `running`: only those that were not ended. */
  list(filter: {
    readonly site?: SiteFilter | undefined;
    readonly running: boolean;
    readonly before?: string | undefined;
    readonly limit: number;
  }): Promise<TicketSeriesTable[]>;
  /** Tickets of visits and how far they were made, in one transaction. False: the series was ended, or somebody else has made them. */
  makeVisits(
    series: Pick<TicketSeriesTable, 'id' | 'made_until'>,
    until: number,
    tickets: readonly NewTicket[],
  ): Promise<boolean>;
  /** False: it was ended before. */
  end(id: string, by: { readonly at: number; readonly user: string }): Promise<boolean>;
}

export function seriesRepository(db: Database): SeriesRepository {
  return {
    async add(series) {
      await db.insertInto('ticket_series').values(series).execute();
    },
    find: (id) => db.selectFrom('ticket_series').selectAll().where('id', '=', id).executeTakeFirst(),
    list({ site, running, before, limit }) {
      let query = db.selectFrom('ticket_series').selectAll().orderBy('id', 'desc').limit(limit);
      if (site !== undefined) query = query.where(ofSites(site));
      if (running) query = query.where('ended_at', 'is', null);
      if (before !== undefined) query = query.where('id', '<', before);
      return query.execute();
    },
    makeVisits: ({ id, made_until: before }, until, tickets) =>
      db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('ticket_series')
          .set({ made_until: until })
          .where('id', '=', id)
          .where('made_until', '=', before)
          .where('ended_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        for (const ticket of tickets) await insertTicket(trx, ticket);
        return true;
      }),
    async end(id, { at, user }) {
      const { numUpdatedRows } = await db
        .updateTable('ticket_series')
        .set({ ended_at: at, ended_by: user })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}
