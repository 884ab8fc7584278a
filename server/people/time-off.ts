import type { Database } from '../db/schema.ts';
import type { TimeOff } from './on-call.ts';

interface By {
  readonly actor: string;
  readonly at: number;
}

/** When people are not on duty. Kept in memory as well: who is on call is asked when an incident opens. */
export interface Absences {
  /** What was not taken back: past, present and coming. */
  current(): readonly TimeOff[];
  add(entry: Omit<TimeOff, 'id'>, by: By): Promise<TimeOff>;
  /** False: there is no such entry, or it was taken back before. */
  end(id: string, by: By): Promise<boolean>;
}

export async function openAbsences(db: Database, newId: (at: number) => string): Promise<Absences> {
  const rows = await db
    .selectFrom('time_off')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute();
  const known = new Map(
    rows.map((row): [string, TimeOff] => [
      row.id,
      { id: row.id, person: row.person, from: row.from_at, to: row.to_at, reason: row.reason },
    ]),
  );
  return {
    current: () => [...known.values()],
    async add(entry, { actor, at }) {
      const added = { ...entry, id: newId(at) };
      const { id, person, from, to, reason } = added;
      await db
        .insertInto('time_off')
        .values({
          id, person, reason, from_at: from, to_at: to, created_at: at, created_by: actor, ended_at: null, ended_by: null,
        })
        .execute(); // prettier-ignore
      known.set(id, added);
      return added;
    },
    async end(id, { actor, at }) {
      if (!known.has(id)) return false;
      await db
        .updateTable('time_off')
        .set({ ended_at: at, ended_by: actor })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .execute();
      return known.delete(id);
    },
  };
}
