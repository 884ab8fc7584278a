import type { Database } from './schema.ts';
import { tallyRow } from './schema.ts';

/** How many readings, of which span of time (epoch ms; null when none). */
export interface Tally {
  readonly readings: number;
  readonly from: number | null;
  readonly to: number | null;
}

export const noTally: Tally = { readings: 0, from: null, to: null };

/** Pure. */
export function addTallies(a: Tally, b: Tally): Tally {
  if (a.readings === 0) return b;
  if (b.readings === 0) return a;
  return {
    readings: a.readings + b.readings,
    from: Math.min(a.from ?? Infinity, b.from ?? Infinity),
    to: Math.max(a.to ?? -Infinity, b.to ?? -Infinity),
  };
}

/** Of readings; times in any order. */
export function tallyOf(times: Iterable<number>): Tally {
  let tally = noTally;
  for (const at of times) tally = addTallies(tally, { readings: 1, from: at, to: at });
  return tally;
}

/** What was lost and what was refused since the spool was made. */
export interface Tallies {
  read(): { lost: Tally; refused: { readings: number; reason: string | null } };
  addLost(lost: Tally): void;
  addRefused(readings: number, reason: string): void;
  /**
   * Sets whether a process holds the spool, if the disk takes that: a full one must not stop a start. Returns whether one did
   * and never said that it let go.
   */
  hold(held: boolean): boolean;
}

export function createTallies(database: Database): Tallies {
  const select = database.prepare('select * from tally');
  const setLost = database.prepare('update tally set lost = ?, lost_from = ?, lost_to = ?');
  const addRefused = database.prepare('update tally set refused = refused + ?, refused_reason = ?');
  const setHeld = database.prepare('update tally set held = ?');
  const row = () => tallyRow.parse(select.get());

  function read(): ReturnType<Tallies['read']> {
    const { lost, lost_from: from, lost_to: to, refused, refused_reason: reason } = row();
    return { lost: { readings: lost, from, to }, refused: { readings: refused, reason } };
  }
  return {
    read,
    addLost(lost) {
      const total = addTallies(read().lost, lost);
      setLost.run(total.readings, total.from, total.to);
    },
    addRefused: (readings, reason) => void addRefused.run(readings, reason),
    hold(held) {
      const before = row().held === 1;
      try {
        setHeld.run(held ? 1 : 0);
      } catch {
        // Then the next start does not learn how this run ended.
      }
      return before;
    },
  };
}
