/** What somebody did to the stored log, as far as the rows tell. */
export type Tampering =
  'edited' | 'deleted' | 'inserted' | 'reordered' | 'truncated' | 'forked' | 'key-changed';

export interface Finding {
  readonly what: Tampering;
  /** Entry of the log; null: it is not about one. */
  readonly sequence: number | null;
  /** Names the record, and what is wrong with it. */
  readonly message: string;
}

/** Keeps the first ones; a log that was rewritten has a million. */
export class Findings {
  readonly #kept: Finding[] = [];
  readonly #most: number;
  count = 0;
  constructor(most = 100) {
    this.#most = most;
  }
  add(what: Tampering, sequence: number | null, message: string): void {
    this.count += 1;
    if (this.#kept.length < this.#most) this.#kept.push({ what, sequence, message });
  }
  /** The first bad record first; what is about no entry at the end. */
  sorted(): Finding[] {
    return this.#kept.toSorted((one, other) => (one.sequence ?? Infinity) - (other.sequence ?? Infinity));
  }
}
