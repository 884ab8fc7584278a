import { z } from 'zod';
import { elementView, type ElementView } from '../contracts/capacity.ts';
import type { Database } from '../db/schema.ts';

const number = z.number().nullable();
const figures = z.object({
  dark: number,
  losesRedundancy: number,
  overloads: number,
  /** By key of a UPS: minutes on battery. */
  batteries: z.record(z.string(), number),
  /** By key of a UPS: kW. */
  loads: z.record(z.string(), number),
  /** By key of a hall: °C. */
  temperatures: z.record(z.string(), number),
});
/** What a failure does, predicted or seen; null: not known. */
export type Figures = z.infer<typeof figures>;

export interface Prediction {
  readonly id: string;
  readonly site: string;
  readonly at: number;
  readonly elements: readonly ElementView[];
  readonly predicted: Figures;
  readonly judgedAt: number | null;
  /** Null also when the watch over it was cut off. */
  readonly seen: Figures | null;
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
      { at, seen, predicted }: { readonly at: number; readonly seen: Figures; readonly predicted: Figures },
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
      readonly site?: string | undefined;
      readonly before?: string | undefined;
      readonly limit: number;
    }): Promise<Prediction[]> {
      let query = db.selectFrom('capacity_prediction').selectAll().orderBy('id', 'desc').limit(limit);
      if (site !== undefined) query = query.where('site', '=', site);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.execute()).map((row) => ({
        id: row.id,
        site: row.site,
        at: row.at,
        elements: z.array(elementView).parse(JSON.parse(row.elements)),
        predicted: figures.parse(JSON.parse(row.predicted)),
        judgedAt: row.judged_at,
        seen: row.seen === null ? null : figures.parse(JSON.parse(row.seen)),
      }));
    },
  };
}
