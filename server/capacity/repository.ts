import { z } from 'zod';
import { elementView, type ElementView } from '../contracts/capacity.ts';
import type { Database } from '../db/schema.ts';
import { parseFigures, parseSeen, type Figures, type SeenFigures } from './figures.ts';
import type { SiteFilter } from '../../core/site-filter.ts';
import { ofSites } from '../db/of-sites.ts';

export interface Prediction {
  readonly id: string;
  readonly site: string;
  readonly at: number;
  readonly elements: readonly Pick<ElementView, 'key' | 'kind'>[];
  readonly predicted: Figures;
  readonly judgedAt: number | null;
  /** Null also when the watch over it was cut off. */
  readonly seen: SeenFigures | null;
}

export type PredictionRepository = ReturnType<typeof createPredictionRepository>;

/** The only place that knows the SQL of predictions. */
export function createPredictionRepository(db: Database) {
  return {
    async add({ id, site, at, elements, predicted }: Omit<Prediction, 'judgedAt' | 'seen'>): Promise<void> {
      await db
        .insertInto('capacity_prediction')
        .values({
          id,
          site,
          at,
          elements: JSON.stringify(elements),
          predicted: JSON.stringify(predicted),
          judged_at: null,
          seen: null,
        })
        .execute();
    },
    async judge(
      id: string,
      {
        at,
        seen,
        predicted,
      }: { readonly at: number; readonly seen: SeenFigures; readonly predicted: Figures },
    ): Promise<void> {
      await db
        .updateTable('capacity_prediction')
        .set({ judged_at: at, seen: JSON.stringify(seen), predicted: JSON.stringify(predicted) })
        .where('id', '=', id)
        .execute();
    },
    /** What a server that ended was still watching: nobody knows how it went on. */
    async endAll(at: number): Promise<void> {
      await db
        .updateTable('capacity_prediction')
        .set({ judged_at: at })
        .where('judged_at', 'is', null)
        .execute();
    },
    /** Latest first. */
    async list({
      site,
      before,
      limit,
    }: {
      readonly site?: SiteFilter | undefined;
      readonly before?: string | undefined;
      readonly limit: number;
    }): Promise<Prediction[]> {
      let query = db.selectFrom('capacity_prediction').selectAll().orderBy('id', 'desc').limit(limit);
      if (site !== undefined) query = query.where(ofSites(site));
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.execute()).map((row) => ({
        id: row.id,
        site: row.site,
        at: row.at,
        elements: z.array(elementView.omit({ name: true })).parse(JSON.parse(row.elements)),
        predicted: parseFigures(row.predicted),
        judgedAt: row.judged_at,
        seen: row.seen === null ? null : parseSeen(row.seen),
      }));
    },
  };
}
