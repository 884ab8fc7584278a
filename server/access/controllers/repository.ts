import type { Database, Executor } from '../../db/schema.ts';
import { numberingShape, type Numbering } from './numbering.ts';

export interface ControllerKey {
  /** `site/device`. */
  readonly source: string;
  /** Empty where it does not name itself. */
  readonly controller: string;
}

export interface StoredNumbering extends ControllerKey {
  readonly numbering: Numbering;
}

export interface ControllerRepository {
  all(): Promise<StoredNumbering[]>;
  /** In the transaction that stores the events. */
  save(changed: readonly StoredNumbering[], trx: Executor): Promise<void>;
}

export function controllerRepository(db: Database): ControllerRepository {
  return {
    async all() {
      const rows = await db.selectFrom('access_controller').selectAll().execute();
      return rows.flatMap(({ source, controller, numbering }) => {
        const parsed = numberingShape.safeParse(JSON.parse(numbering));
        return parsed.success ? [{ source, controller, numbering: parsed.data }] : [];
      });
    },
    async save(changed, trx) {
      for (const { source, controller, numbering } of changed)
        await trx
          .insertInto('access_controller')
          .values({ source, controller, numbering: JSON.stringify(numbering) })
          .onConflict((conflict) =>
            conflict.columns(['source', 'controller']).doUpdateSet({ numbering: JSON.stringify(numbering) }),
          )
          .execute();
    },
  };
}
