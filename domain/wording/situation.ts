import type { Label } from '../../config/schema/common.ts';
import type { Effect } from '../../config/schema/rule.ts';

/** What an incident's sentence is made of: names, numbers and counts, no ids. */
export interface Situation {
  /** As people call the site: "DC". */
  readonly site: string;
  /** The room all its causes are in, or that is protected. */
  readonly room: Label | null;
  /** The leading alarm's rule. */
  readonly name: Label;
  readonly title: Label | null;
  /** What the causes are, in the order in which they began; what has returned no longer counts. */
  readonly things: readonly Label[];
  /** Of how many such things in the room or site; null: not known. */
  readonly of: number | null;
  /** What these things are called when they are counted: "PAC", "rak". */
  readonly noun: Label;
  /** Of the leading rule, furthest beyond its limit; null for states. */
  readonly reading: Reading | null;
  /** Concluded from what depends on it: no alarm of its own. */
  readonly inferred: Effect | null;
  readonly consequences: readonly Consequence[];
  /** The shortest time that the causes have left until they stop, s; null: none of them says. */
  readonly left: number | null;
  /** What carries the load while the grid is away. */
  readonly carrier: Carrier | null;
  /** The condition is over. */
  readonly isOver: boolean;
}

export interface Reading {
  /** Now; null when it cannot be believed at present. */
  readonly now: number | null;
  readonly worst: number;
  readonly limit: number;
  readonly unit: string;
  readonly trend: 'rising' | 'falling' | 'steady' | null;
}

/** Alarms that the causes explain, counted by kind. */
export interface Consequence {
  readonly effect: Effect | 'feed-lost' | 'dark' | 'other';
  readonly count: number;
  /** Of how many; null where that says nothing. */
  readonly of: number | null;
  /** Of `too-hot` the highest value, °C; of `battery-low` the shortest time that a UPS has left, s. */
  readonly value?: number;
}

/**
 * Gensets that run, of how many; the UPSs' batteries alone; or sources that are there again while their alarm is still held, since they
 * went and came several times or for the off-delay: by name, or null when all that were lost are back.
 */
export type Carrier =
  | { readonly by: 'gensets'; readonly running: number; readonly of: number }
  | { readonly by: 'batteries' }
  | { readonly by: 'grid'; readonly back: readonly Label[] | null };
