import type { Database } from '../db/schema.ts';
import type { Override } from './on-call.ts';

interface NewOverride {
  readonly layer: string;
  readonly person: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

interface By {
  readonly actor: string;
  readonly at: number;
}

/** Who takes over for whom. Kept in memory as well: who is on call is asked when an incident opens. */
export interface Overrides {
  /** Those that were not taken back, the present and coming ones. */
  current(): readonly Override[];
  add(override: NewOverride, by: By): Promise<Override>;
  /** False: there is no such override, or it was taken back before. */
  end(id: string, by: By): Promise<boolean>;
}

export async function openOverrides(db: Database, newId: (at: number) => string): Promise<Overrides> {
  const rows = await db
    .selectFrom('on_call_override')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute();
  const known = new Map(
    rows.map((row): [string, Override] => [
      row.id,
      { id: row.id, layer: row.layer, person: row.person, from: row.from_at, to: row.to_at, reason: row.reason },
    ]),
  ); // prettier-ignore
  return {
    current: () => [...known.values()],
    async add(override, { actor, at }) {
      const added = { ...override, id: newId(at) };
      const { id, layer, person, from, to, reason } = added;
      await db
        .insertInto('on_call_override')
        .values({
          id, layer, person, reason, from_at: from, to_at: to, created_at: at, created_by: actor, ended_at: null, ended_by: null,
        })
        .execute(); // prettier-ignore
      known.set(id, added);
      return added;
    },
    async end(id, { actor, at }) {
      if (!known.has(id)) return false;
      await db
        .updateTable('on_call_override')
        .set({ ended_at: at, ended_by: actor })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .execute();
      return known.delete(id);
    },
  };
}
