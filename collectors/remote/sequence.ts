import type { BatchName } from '../../core/buffer.ts';

/**
 * Names for the batches of one run of the process. A run's id is random and never used again, so a spool that was copied or
 * restored cannot give a name twice, and nothing but the names already given needs to be remembered.
 */
export interface Sequence {
  next(): BatchName;
  /** Answered or given up: it will not be sent again. */
  settle(name: BatchName): void;
  /** Below it, of the same run, nothing will be sent again. 1 for another run: nothing is known of that. */
  settledOf(name: BatchName): number;
}

export function createSequence(run: string): Sequence {
  let last = 0;
  const open = new Set<number>();
  return {
    next() {
      last += 1;
      open.add(last);
      return { run, sequence: last };
    },
    settle(name) {
      if (name.run === run) open.delete(name.sequence);
    },
    settledOf: (name) => (name.run === run ? Math.min(...open, last + 1) : 1),
  };
}
