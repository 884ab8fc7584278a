import type { Header } from './header.ts';

/** How many messages of engines that have proved nothing are looked at in a minute, of all senders together. */
export const newcomersPerMinute = 60;
/** Engines remembered; more than any estate has. */
const mostEngines = 10_000;

/**
 * Bounds what strangers' engines cost. The keys of a v3 user are made anew for every engine, which takes milliseconds,
 * and are kept: without a bound, whoever forges addresses and engines would hold up the polls and fill the memory.
 */
export class Engines {
  readonly #proved = new Set<string>();
  #minute = 0;
  #newcomers = 0;

  /** Whether the keys that this message needs may be made. Always, where it needs none: unsigned, or of v1 and v2c. */
  mayTry(header: Header, now: number): boolean {
    if (header === 'v1 or v2c' || !header.isSigned || this.#proved.has(header.engine)) return true;
    const minute = Math.floor(now / 60_000);
    if (minute !== this.#minute) this.#newcomers = 0;
    this.#minute = minute;
    this.#newcomers += 1;
    return this.#newcomers <= newcomersPerMinute;
  }

  /** The message was accepted: if it is signed, its engine has the keys of a user. */
  prove(header: Header): void {
    if (header !== 'v1 or v2c' && header.isSigned && this.#proved.size < mostEngines)
      this.#proved.add(header.engine);
  }
}
