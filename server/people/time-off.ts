import type { Database } from '../db/schema.ts';
import { createEntries, type Entries } from './entries.ts';
import type { TimeOff } from './on-call.ts';

/** When people are not on duty. */
export type Absences = Entries<Omit<TimeOff, 'id'>>;

export async function openAbsences(db: Database, newId: (at: number) => string): Promise<Absences> {
  const rows = await db
    .selectFrom('time_off')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute();
  const stored = rows.map(({ id, person, from_at: from, to_at: to, reason }): TimeOff => ({
    id, person, from, to, reason,
  })); // prettier-ignore
  return createEntries(stored, {
    newId,
    insert: ({ id, person, from, to, reason }, { actor, at }) =>
      db
        .insertInto('time_off')
        .values({
          id, person, reason, from_at: from, to_at: to, created_at: at, created_by: actor, ended_at: null, ended_by: null,
        })
        .execute(), // prettier-ignore
    end: (id, { actor, at }) =>
      db
        .updateTable('time_off')
        .set({ ended_at: at, ended_by: actor })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .execute(),
  });
}
