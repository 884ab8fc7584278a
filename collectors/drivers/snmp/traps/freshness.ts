import type { Header } from './header.ts';

/** How far a sender's clock may stand back (RFC 3414, 3.2.7), s. */
const windowS = 150;
/** Engines remembered of a sender. */
const mostEngines = 32;

/** Tells traps of v3 that come long after they were sent (a replay) from new ones. */
export class Freshness {
  readonly #newest = new Map<string, { readonly boots: number; readonly time: number }>();

  /** Whether the sender's engine has not been heard at a later time; true of v1 and v2c, which tell none. */
  isFresh(said: Header): boolean {
    if (said === 'v1 or v2c') return true;
    const known = this.#newest.get(said.engine);
    const isLater =
      known === undefined ||
      said.boots > known.boots ||
      (said.boots === known.boots && said.time > known.time);
    if (isLater && (known !== undefined || this.#newest.size < mostEngines))
      this.#newest.set(said.engine, { boots: said.boots, time: said.time });
    return isLater || (said.boots === known.boots && said.time >= known.time - windowS);
  }
}
