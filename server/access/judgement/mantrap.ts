import { mostKept, rememberMs, settleMs, withRecent } from './recent.ts';

/**
 * Two doors of a mantrap that stood open at once, from the events of a controller whose doors have no state that is read (those that have are
 * judged by the rule `mantrap-both-open`). A door counts as open from its opening to its closing or its next opening, and only if it has
 * ever reported a closing. Pure.
 */

/** People pass one door while the other one falls shut. */
const bothOpenMs = 5_000;

interface Moment {
  readonly id: string;
  readonly at: number;
  readonly door: string;
}

export interface Mantrap {
  /** Each in order of time. */
  readonly openings: readonly Moment[];
  readonly closings: readonly Moment[];
  /** Doors that report when they close. */
  readonly closing: ReadonlySet<string>;
  /** Doors stand open to everybody. */
  readonly released: boolean;
  /** Pairs that were found, by the later opening. */
  readonly found: ReadonlySet<string>;
}

export const quietMantrap: Mantrap = {
  openings: [],
  closings: [],
  closing: new Set(),
  released: false,
  found: new Set(),
};

/** The mantrap after an event of one of its doors. */
export function afterDoor(
  mantrap: Mantrap,
  { id, at, door, kind }: Moment & { readonly kind: string },
): Mantrap {
  const added = { id, at, door };
  if (kind === 'fire-release') return { ...mantrap, released: true };
  if (kind === 'fire-release-ended') return { ...mantrap, released: false };
  if (kind === 'door-closed')
    return {
      ...mantrap,
      closings: withRecent(mantrap.closings, added),
      closing: new Set([...mantrap.closing, door]),
    };
  if (kind !== 'door-opened' || mantrap.released) return mantrap;
  return { ...mantrap, openings: withRecent(mantrap.openings, added) };
}

/** Openings of two doors that overlapped, the later of each pair last; each is found once. `isQuiet`: nothing stands open, time alone finds nothing. */
export function bothOpen(
  mantrap: Mantrap,
  now: number,
): {
  readonly mantrap: Mantrap;
  readonly found: readonly { readonly at: number; readonly door: string; readonly events: readonly string[] }[];
  readonly isQuiet: boolean;
} {
  const spans = mantrap.openings
    .filter(({ door }) => mantrap.closing.has(door))
    .map((opening) => ({ opening, until: shutAt(mantrap, opening) }));
  const found = spans.flatMap((second) => {
    const { opening } = second;
    if (mantrap.found.has(opening.id)) return [];
    const first = spans.find(
      (each) =>
        each.opening.door !== opening.door &&
        each.opening.at <= opening.at &&
        Math.min(each.until, second.until, now - settleMs) - opening.at >= bothOpenMs,
    );
    if (first === undefined) return [];
    return [{ at: opening.at, door: opening.door, events: [first.opening.id, opening.id] }];
  });
  const known = found.flatMap(({ events }) => events.at(-1) ?? []);
  return {
    mantrap: known.length === 0 ? mantrap : { ...mantrap, found: new Set([...mantrap.found, ...known].slice(-mostKept)) },
    found,
    isQuiet: spans.every(({ opening, until }) => until !== Infinity && now - opening.at > rememberMs),
  };
} // prettier-ignore

function shutAt({ openings, closings }: Mantrap, { door, at, id }: Moment): number {
  const after = (moment: Moment): boolean => moment.door === door && moment.at >= at && moment.id !== id;
  return Math.min(...[...closings, ...openings].filter(after).map((moment) => moment.at), Infinity);
}
