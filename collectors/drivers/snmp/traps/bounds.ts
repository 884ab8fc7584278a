/** How many datagrams of a known sender are looked at in a second. */
export const datagramsPerSecond = 20;

interface Tally {
  readonly second: number;
  count: number;
  /** It was said that there are too many. */
  spoken: boolean;
}

/** Bounds what each of a known number of senders may cost. */
export class Allowance {
  readonly #tallies = new Map<string, Tally>();

  /** Whether one more datagram may be looked at; `first`: the first too many, after a second without such. */
  take(sender: string, now: number): 'yes' | 'first' | 'no' {
    const second = Math.floor(now / 1_000);
    const known = this.#tallies.get(sender);
    if (known?.second !== second) {
      const goesOn = known?.second === second - 1 && known.count > datagramsPerSecond;
      this.#tallies.set(sender, { second, count: 1, spoken: goesOn });
      return 'yes';
    }
    known.count += 1;
    if (known.count <= datagramsPerSecond) return 'yes';
    if (known.spoken) return 'no';
    known.spoken = true;
    return 'first';
  }
}

/** What was said already, so that it is said once; after `most` different things nothing is new. */
export class Said {
  readonly #said = new Set<string>();
  readonly #most: number;

  constructor(most = 1_000) {
    this.#most = most;
  }

  isNew(what: string): boolean {
    if (this.#said.has(what) || this.#said.size >= this.#most) return false;
    this.#said.add(what);
    return true;
  }
}
