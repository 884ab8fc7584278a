import type { AccessEvent } from '../../../core/access-event.ts';
import { settleMs, withRecent } from './recent.ts';

/**
 * How often a door was opened on one grant. A second opening on the same grant is a second passage; at a mantrap, where every passage takes
 * a grant, so is an opening without any. Elsewhere a door may be opened from inside by its handle, which nobody reports.
 */

/** A person takes this long at most from the grant to opening the door. */
const grantLastsMs = 15_000;

interface Seen {
  readonly id: string;
  readonly at: number;
}

interface Opening extends Seen {
  /** When it has settled; `new`: nobody has looked yet. */
  readonly dueAt: 'new' | number | 'judged';
}

/** What is remembered of one door, each in order of time. */
export interface DoorPassages {
  readonly grants: readonly Seen[];
  readonly openings: readonly Opening[];
  /** Doors stand open to everybody. */
  readonly released: boolean;
}

export const noPassages: DoorPassages = { grants: [], openings: [], released: false };

/** The door after the event. Pure. */
export function afterEvent(door: DoorPassages, { id, at, kind }: AccessEvent): DoorPassages {
  if (kind === 'access-granted' || kind === 'exit-button')
    return { ...door, grants: withRecent(door.grants, { id, at }) };
  if (kind === 'fire-release') return { ...door, released: true };
  if (kind === 'fire-release-ended') return { ...door, released: false };
  if (kind !== 'door-opened' || door.released || door.openings.some((each) => each.id === id)) return door;
  return { ...door, openings: withRecent(door.openings, { id, at, dueAt: 'new' }) };
}

/** A passage that no grant of its own explains. */
export interface Tailgate {
  readonly at: number;
  /** The opening, and the grant that another one had used. */
  readonly events: readonly string[];
}

/** Judges the openings that have settled. Pure. */
export function judgePassages(
  door: DoorPassages,
  { isMantrap, now }: { readonly isMantrap: boolean; readonly now: number },
): { readonly door: DoorPassages; readonly found: readonly Tailgate[] } {
  const found: Tailgate[] = [];
  const used = new Set<string>();
  const openings = door.openings.map((opening): Opening => {
    const near = door.grants.filter(({ at }) => at <= opening.at && opening.at - at <= grantLastsMs);
    const free = near.find(({ id }) => !used.has(id));
    if (free !== undefined) used.add(free.id);
    if (opening.dueAt === 'judged') return opening;
    if (opening.dueAt === 'new') return { ...opening, dueAt: now + settleMs };
    if (now < opening.dueAt) return opening;
    const shared = near.at(-1);
    if (free === undefined && (shared !== undefined || isMantrap))
      found.push({ at: opening.at, events: shared === undefined ? [opening.id] : [shared.id, opening.id] });
    return { ...opening, dueAt: 'judged' };
  });
  return { door: { ...door, openings }, found };
}
