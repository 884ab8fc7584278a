import type { Clock } from '../../core/clock.ts';
import type { Database } from '../db/schema.ts';
import type { PlantStateTable } from '../db/schema/alarms.ts';
import type { IsDeclared } from './suppression.ts';

export type PlantStateRow = Readonly<PlantStateTable>;
type NewPlantState = Pick<
  PlantStateRow,
  'state' | 'site' | 'room' | 'ticket' | 'reason' | 'from_at' | 'to_at'
>;

/**
 * What people declare of the plant for a time: a load test of the site, a permit for work in a room. Kept in memory as well: alarms ask
 * whenever they are judged.
 */
export interface PlantStates {
  isDeclared: IsDeclared;
  /** Present and coming ones, earliest first. */
  current(): readonly PlantStateRow[];
  declare(state: NewPlantState, actor: string): Promise<PlantStateRow>;
  /** Undefined: there is none, or it has ended. */
  end(id: string, actor: string): Promise<PlantStateRow | undefined>;
}

interface Held {
  readonly row: PlantStateRow;
  /** When it began and ends at the latest, on the monotonic clock: setting the wall clock back makes none longer. */
  readonly begins: number;
  readonly ends: number;
}

export async function openPlantStates(options: {
  readonly db: Database;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly newId: (at: number) => string;
}): Promise<PlantStates> {
  const { db, clock, newId } = options;
  const held = new Map<string, Held>();
  const rows = await db
    .selectFrom('plant_state')
    .selectAll()
    .where('to_at', '>', clock.now())
    .where('ended_at', 'is', null)
    .orderBy('from_at')
    .execute();
  for (const row of rows) hold(row);

  function hold(row: PlantStateRow): void {
    const [now, monotonic] = [clock.now(), clock.monotonic()];
    const begins = monotonic + Math.max(0, row.from_at - now);
    const ends = monotonic + Math.min(row.to_at - now, row.to_at - row.from_at + (begins - monotonic));
    held.set(row.id, { row, begins, ends });
  }

  function isOver({ row, ends }: Held): boolean {
    return clock.now() >= row.to_at || clock.monotonic() >= ends;
  }

  function present(): Held[] {
    for (const [id, each] of held) if (isOver(each)) held.delete(id);
    return [...held.values()];
  }

  return {
    isDeclared: (state, { site, room }) =>
      held.size > 0 &&
      present().some(
        ({ row, begins }) =>
          row.state === state &&
          row.site === site &&
          (row.room === null || row.room === room) &&
          clock.monotonic() >= begins,
      ),
    current: () =>
      present()
        .map(({ row }) => row)
        .sort((a, b) => a.from_at - b.from_at),
    async declare(state, actor) {
      const row: PlantStateRow = {
        ...state,
        id: newId(clock.now()),
        created_by: actor,
        ended_at: null,
        ended_by: null,
      };
      await db.insertInto('plant_state').values(row).execute();
      hold(row);
      return row;
    },
    async end(id, actor) {
      const found = held.get(id);
      if (found === undefined) return undefined;
      const ended = { ended_at: clock.now(), ended_by: actor };
      await db
        .updateTable('plant_state')
        .set(ended)
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .execute();
      held.delete(id);
      return { ...found.row, ...ended };
    },
  };
}
