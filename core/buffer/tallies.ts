import { addTallies, type Tally } from '../buffer.ts';
import { tallyRow, type Database } from './schema.ts';

/** What was lost and what was rejected since the file was made. */
export interface Tallies {
  read(): { lost: Tally; refused: { readings: number; reason: string | null } };
  addLost(lost: Tally): void;
  addRefused(readings: number, reason: string): void;
  /**
   * Marks the file as held by a process or released. A full disk that does not take the mark must not stop a start. Returns whether
   * the last process that held it never released it.
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
        // The next start then cannot tell how this run ended.
      }
      return before;
    },
  };
}
