import type { Door } from '../../../config/model.ts';
import type { AccessFindingKind } from '../../../config/schema/findings.ts';
import type { AccessEvent } from '../../../core/access-event.ts';
import type { Inside, Sign } from '../presence/presence.ts';
import { judgeEntry, type EntryVerdict } from './entry.ts';
import type { JudgeFacts } from './facts.ts';
import {
  createCredentials,
  holderKey,
  ticketHolder,
  ticketPersonOf,
  type Credentials,
  type Holder,
  type HolderKey,
} from './holders.ts';
import type { Finding } from './kinds.ts';
import { createInsiders } from './insiders.ts';
import { afterDoor, bothOpen, quietMantrap, type Mantrap } from './mantrap.ts';
import { afterEvent, judgePassages, noPassages, type DoorPassages } from './passages.ts';
import { afterUse, refusalLimits } from './refusals.ts';
import { createStanding } from './standing.ts';
import { createTicketIndex, type TicketIndex } from './tickets.ts';

interface Judgement {
  readonly findings: readonly Finding[];
  /** A person of the ticket was let in, for the first time as far as this process knows. */
  readonly entered?: { readonly ticket: string; readonly at: number } | undefined;
}

/**
 * The judgement on the stream: a state, and what each event finds in it. It reads no clock and no store: from the same tickets, credentials
 * and events come the same findings with the same ids, in whatever order and however often the events come.
 */
export interface Judge {
  readonly tickets: TicketIndex;
  readonly credentials: Credentials;
  event(event: AccessEvent): Judgement;
  /**
   * What time has made wrong since the last look: openings that have settled, and conditions that have begun. `standing`: the conditions that
   * hold now, by id; as long as one does, it is live.
   */
  time(now: number): {
    readonly findings: readonly Finding[];
    readonly standing: ReadonlyMap<string, Finding>;
  };
  /** A sign that no door gave: persons who were checked in, or who left at the desk. */
  sign(sign: Sign): void;
  inside(): readonly Inside[];
  find(holder: HolderKey): Inside | undefined;
  /** When the person was last seen to leave, epoch ms; 0: never. */
  leftAt(holder: HolderKey): number;
}

const none: Judgement = { findings: [] };
const minuteMs = 60_000;
/** Staff off duty with no ticket, and whoever has no window: looked for this long. */
const unknownStayMs = 60 * minuteMs;

export function createJudge(facts: JudgeFacts): Judge {
  // Before what calls it exists nothing calls.
  const touch = (ticket: string): void => standing.touch(ticket);
  const tickets = createTicketIndex(touch);
  const insiders = createInsiders(touch);
  const credentials = createCredentials(() => {
    for (const ticket of insiders.tickets()) touch(ticket);
  });
  const doors = new Map(facts.doors.map((door) => [door.key, door]));
  const onlyDoor = new Map<string, Door>();
  for (const door of facts.doors) if (door.part === undefined) onlyDoor.set(door.key, door);
  const firstDoor = new Map<string, Door>();
  for (const door of facts.doors.toReversed()) firstDoor.set(`${door.site}/${door.device}`, door);
  const mantraps = new Map<string, Mantrap>();
  const unsettledMantraps = new Set<string>();
  const passages = new Map<string, DoorPassages>();
  const unsettled = new Set<string>();
  const heardFrom = new Set<string>();
  const standing = createStanding({ tickets, credentials, insiders, heardFrom, facts });
  const refusals = new Map<string, ReturnType<typeof afterUse>['uses']>();
  const isOnDuty = (person: string, place: { readonly site: string; readonly at: number }): boolean =>
    facts.dutyUntil(person, place) !== undefined;

  function doorOf({ source, part }: AccessEvent): Door | undefined {
    return part === undefined
      ? onlyDoor.get(source)
      : (doors.get(`${source}/${part}`) ?? onlyDoor.get(source));
  }

  function untilOf(
    holder: Holder,
    verdict: EntryVerdict,
    { site, at }: { site: string; at: number },
  ): number {
    const ticket = verdict.ticket ?? (holder.kind === 'ticket' ? holder.ticket : null);
    const end = ticket === null ? undefined : tickets.get(ticket)?.to;
    const duty = holder.kind === 'staff' ? facts.dutyUntil(holder.member.person, { site, at }) : undefined;
    return Math.max(at, duty ?? end ?? at + unknownStayMs);
  }

  function entry(event: AccessEvent, door: Door, holder: Holder): Judgement {
    const { site } = door;
    const isOut = event.direction === 'out';
    const room = isOut ? door.from : door.to;
    const key = holderKey(holder);
    const verdict: EntryVerdict =
      isOut || room === null
        ? { ticket: holder.kind === 'ticket' ? holder.ticket : null, wrong: null }
        : judgeEntry(
            { holder, site, room, isTransit: facts.transitRooms.has(`${site}/${room}`), at: event.at },
            { tickets, isOnDuty },
          );
    if (key !== undefined)
      insiders.move({
        holder: key,
        site,
        room,
        isFromOutside: !isOut && door.from === null,
        at: event.at,
        sign: event.direction === undefined ? 'reader-in-only' : 'reader',
        until: untilOf(holder, verdict, { site, at: event.at }),
      });
    if (isOut) return none;
    const about = { event, door, room: room ?? door.from, ticket: verdict.ticket, person: key ?? null };
    const findings = verdict.wrong === null ? [] : [findingOf(verdict.wrong, about)];
    const crowd = key === undefined ? undefined : crowdOf(key);
    if (crowd !== undefined) findings.push(findingOf('more-than-listed', { ...about, ticket: crowd }));
    const owner = holder.kind === 'ticket' ? tickets.get(verdict.ticket ?? holder.ticket) : undefined;
    const entered =
      owner !== undefined && owner.enteredAt === null ? { ticket: owner.id, at: event.at } : undefined;
    return { findings, entered };
  }

  /** The ticket of which more persons are inside than it lists. */
  function crowdOf(key: HolderKey): string | undefined {
    const here = insiders.find(key);
    // One person on one card is no crowd: the usual case costs nothing.
    if (here === undefined || here.others === 0) return undefined;
    const ticket = tickets.get(ticketPersonOf(key)?.ticket ?? '');
    if (ticket === undefined) return undefined;
    let persons = 0;
    for (const person of [...ticket.persons.keys(), 'pic' as const]) {
      const inside = insiders.find(ticketHolder(ticket.id, person));
      if (inside !== undefined && inside.sign !== 'check-in') persons += 1 + inside.others;
    }
    return persons > ticket.persons.length ? ticket.id : undefined;
  }

  function credentialUse(kind: keyof typeof refusalLimits, event: AccessEvent, door: Door): Finding[] {
    const key =
      kind === 'unknown-credential' ? `${kind} ${door.key}` : `${kind} ${door.site} ${event.card ?? ''}`;
    const { uses, tooMany } = afterUse(refusals.get(key) ?? [], event, refusalLimits[kind]);
    if (uses.length === 0) refusals.delete(key);
    else refusals.set(key, uses);
    if (tooMany === undefined) return [];
    const about = { event, door, room: door.to ?? door.from, ticket: null, person: null };
    return [{ ...findingOf(kind, about), events: tooMany.map(({ id }) => id) }];
  }

  function judged(event: AccessEvent): Judgement {
    const door = doorOf(event) ?? (event.kind === 'tamper' ? firstDoor.get(event.source) : undefined);
    if (door === undefined) return none;
    if (isSignal(event.kind)) {
      if (
        event.kind !== 'duress' &&
        facts.isRead?.(door, event.kind === 'tamper' ? 'tamper' : 'door-state') === true
      )
        return none;
      const person = holderKey(credentials.holderOf(event, tickets)) ?? null;
      const about = { event, door, room: door.to ?? door.from, ticket: null, person };
      return { findings: [findingOf(event.kind, about)] };
    }
    if (door.isMantrap && facts.isRead?.(door, 'door-state') !== true) {
      const { id, at, kind } = event;
      mantraps.set(
        event.source,
        afterDoor(mantraps.get(event.source) ?? quietMantrap, { id, at, kind, door: door.key }),
      );
      unsettledMantraps.add(event.source);
    }
    passages.set(door.key, afterEvent(passages.get(door.key) ?? noPassages, event));
    unsettled.add(door.key);
    if (event.kind !== 'access-granted' && event.kind !== 'access-denied') return none;
    // A door that an operator or a program opened lets in nobody in particular.
    if (event.card === undefined && event.person === undefined) return none;
    if (!heardFrom.has(door.site)) {
      heardFrom.add(door.site);
      standing.touchAll();
    }
    const holder = credentials.holderOf(event, tickets);
    const uses =
      holder.kind === 'revoked' ? credentialUse('revoked-credential', event, door)
      : holder.kind === 'unknown' && event.kind === 'access-denied' ? credentialUse('unknown-credential', event, door)
      : []; // prettier-ignore
    if (event.kind === 'access-denied') return { findings: uses };
    const { findings, entered } = entry(event, door, holder);
    return { findings: [...uses, ...findings], entered };
  }

  return {
    tickets,
    credentials,
    event: judged,
    time(now) {
      const findings: Finding[] = [];
      for (const key of unsettled) {
        const door = doors.get(key);
        const before = passages.get(key);
        if (door === undefined || before === undefined) continue;
        const { door: after, found } = judgePassages(before, { isMantrap: door.isMantrap, now });
        passages.set(key, after);
        if (after.openings.every(({ dueAt }) => dueAt === 'judged')) unsettled.delete(key);
        for (const passage of found) findings.push(passageOf('tailgating', door, passage));
      }
      for (const source of unsettledMantraps) {
        const { mantrap, found, isQuiet } = bothOpen(mantraps.get(source) ?? quietMantrap, now);
        mantraps.set(source, mantrap);
        if (isQuiet) unsettledMantraps.delete(source);
        for (const { at, door: key, events } of found) {
          const door = doors.get(key);
          if (door !== undefined) findings.push(passageOf('mantrap-open', door, { at, events }));
        }
      }
      insiders.forget(now);
      findings.push(...standing.look(now));
      return { findings, standing: standing.found };
    },
    sign: (sign) => insiders.move(sign),
    inside: () => insiders.all(),
    find: (holder) => insiders.find(holder),
    leftAt: (holder) => insiders.leftAt(holder),
  };
}

/** What a controller reports of a door or of itself, and is wrong as such. */
const signals = ['duress', 'door-forced', 'door-held', 'tamper'] as const;

function isSignal(kind: AccessEvent['kind']): kind is (typeof signals)[number] {
  return signals.some((each) => each === kind);
}

/** Of which nobody knows whose it was. */
function passageOf(
  kind: 'tailgating' | 'mantrap-open',
  door: Door,
  { at, events }: { readonly at: number; readonly events: readonly string[] },
): Finding {
  const { site, key } = door;
  const id = `${kind} ${events.at(-1) ?? ''}`;
  return { id, kind, at, site, room: door.to ?? door.from, door: key, ticket: null, person: null, events };
}

interface About {
  readonly event: AccessEvent;
  readonly door: Door;
  readonly room: string | null;
  readonly ticket: string | null;
  readonly person: HolderKey | null;
}

function findingOf(kind: AccessFindingKind, { event, door, room, ticket, person }: About): Finding {
  return {
    id: `${kind} ${event.id}`,
    kind,
    at: event.at,
    site: door.site,
    room,
    door: door.key,
    ticket,
    person,
    events: [event.id],
  };
}
