import type { HolderKey } from '../judgement/holders.ts';

/**
 * Who is in which room, and how that is known. *detected*: a reader of a door that has readers on both sides let the person in. *assumed*: checked
 * in without a badge, or let in at a door that does not see people leave. *expired*: no sign for longer than the shift or window.
 */
export type Evidence = 'detected' | 'assumed' | 'expired';

/** In the site, in a room that nobody has said. */
export const anywhere = '*';

/** A person inside a site. Times in epoch ms. */
export interface Inside {
  readonly holder: HolderKey;
  readonly site: string;
  readonly room: string;
  /** In the site since; in the room since; the last sign of the person. */
  readonly arrivedAt: number;
  readonly since: number;
  readonly seenAt: number;
  readonly evidence: Exclude<Evidence, 'expired'>;
  /** Where the last sign came from. */
  readonly sign: 'reader' | 'reader-in-only' | 'check-in';
  /** When the shift or the window ends: without another sign after it, nobody knows. */
  readonly until: number;
  /** Entries with the credential beyond the first, without one that left: further persons. */
  readonly others: number;
}

/** A sign of a person at a door or the desk. `room` null: left the site. */
export interface Sign {
  readonly holder: HolderKey;
  readonly site: string;
  readonly room: string | null;
  /** Through the outermost door. */
  readonly isFromOutside: boolean;
  readonly at: number;
  readonly sign: Inside['sign'];
  readonly until: number;
}

/** Two reads of one card within this are one passage. */
const sameReadMs = 10_000;
/** After the end of shift or window, so long a person is still looked for; then nobody counts on it. */
const expiresAfterMs = 4 * 3_600_000;
const forgottenAfterMs = 48 * 3_600_000;

/** Where the person is after the sign; undefined: not inside. An older sign than the last one changes nothing. Pure. */
export function afterSign(before: Inside | undefined, sign: Sign): Inside | undefined {
  if (before !== undefined && sign.at < before.seenAt) return before;
  const { holder, site, room, at, until } = sign;
  // Whoever hands the card back at the desk takes everybody along.
  if (room === null && sign.sign === 'check-in') return undefined;
  if (room === null) return before !== undefined && before.others > 0 ? leftByOne(before, at) : undefined;
  const isThere = before?.site === site && before.room === room;
  // A check-in says less than a reader that has seen the person already.
  if (sign.sign === 'check-in' && before?.site === site) return { ...before, seenAt: at, until };
  // Readers on both sides saw the person in and not out: this is somebody else with the same card.
  const isAnother =
    before?.sign === 'reader' &&
    sign.sign === 'reader' &&
    at - before.seenAt > sameReadMs &&
    (isThere || sign.isFromOutside);
  return {
    holder,
    site,
    room,
    arrivedAt: before?.site === site ? before.arrivedAt : at,
    since: isThere ? before.since : at,
    seenAt: at,
    evidence: sign.sign === 'reader' ? 'detected' : 'assumed',
    sign: sign.sign,
    until,
    others: (before?.others ?? 0) + (isAnother ? 1 : 0),
  };
}

function leftByOne(before: Inside, at: number): Inside {
  return { ...before, seenAt: at, others: before.others - 1 };
}

/** How sure it is now that the person is inside. Pure. */
export function evidenceOf(inside: Inside, now: number): Evidence {
  return now > expiresAt(inside) ? 'expired' : inside.evidence;
}

/** The last moment at which somebody counts on it that the person is inside. Pure. */
export function expiresAt({ until, seenAt }: Inside): number {
  return Math.max(until, seenAt) + expiresAfterMs;
}

/** Nobody is kept on the list for ever because a reader missed the way out. Pure. */
export function forgottenAt({ until, seenAt }: Inside): number {
  return Math.max(until, seenAt) + forgottenAfterMs;
}
