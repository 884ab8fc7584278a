import type { BatchName } from '../../core/buffer.ts';

/**
 * Names for the batches of one run of the process. A run's id is random and never used again, so a copied or restored spool cannot
 * give the same name to two batches, and no counter has to be saved.
 */
export interface Sequence {
  next(): BatchName;
  /** The batch was answered or given up: it will not be sent again. */
  settle(name: BatchName): void;
  /** No batch of the same run with a lower number will be sent again. 1 for another run, of which nothing is known. */
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
