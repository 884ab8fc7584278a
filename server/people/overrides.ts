import type { Database } from '../db/schema.ts';
import { createEntries, type Entries } from './entries.ts';
import type { Override } from './on-call.ts';

/** Who takes over for whom. */
export type Overrides = Entries<Omit<Override, 'id'>>;

export async function openOverrides(db: Database, newId: (at: number) => string): Promise<Overrides> {
  const rows = await db
    .selectFrom('on_call_override')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute();
  const stored = rows.map(({ id, layer, person, from_at: from, to_at: to, reason }): Override => ({
    id, layer, person, from, to, reason,
  })); // prettier-ignore
  return createEntries(stored, {
    newId,
    insert: ({ id, layer, person, from, to, reason }, { actor, at }) =>
      db
        .insertInto('on_call_override')
        .values({
          id, layer, person, reason, from_at: from, to_at: to, created_at: at, created_by: actor, ended_at: null, ended_by: null,
        })
        .execute(), // prettier-ignore
    end: (id, { actor, at }) =>
      db
        .updateTable('on_call_override')
        .set({ ended_at: at, ended_by: actor })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .execute(),
  });
}
