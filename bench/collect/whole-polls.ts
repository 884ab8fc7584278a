/** What one device's polls of the counted time gave; see `createWholePolls`. */
interface WholePolls {
  readonly polls: number;
  readonly values: number;
}

/**
 * Counts the values of one device's whole polls: of those that began and ended between `begin` and `end`. A poll that is under way at
 * either edge belongs to neither side, so what is missing is lost and no matter of when the counting began.
 */
export function createWholePolls(): {
  /** From the next end of a poll on. */
  begin(): void;
  /** A poll has ended: as many have begun so far (this one among them), and it gave so many values. */
  ended(begun: number, values: number): void;
  /** Up to the last end of a poll. */
  end(): WholePolls;
} {
  let state: 'idle' | 'waiting' | 'counting' = 'idle';
  let first = 0;
  let last = 0;
  let values = 0;
  return {
    begin() {
      state = 'waiting';
      [first, last, values] = [0, 0, 0];
    },
    ended(begun, more) {
      if (state === 'waiting') {
        state = 'counting';
        first = begun;
      } else if (state === 'counting') values += more;
      last = begun;
    },
    end() {
      state = 'idle';
      return { polls: last - first, values };
    },
  };
}
