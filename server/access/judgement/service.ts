import type { Logger } from 'pino';
import type { Model } from '../../../config/model.ts';
import { parseAccessEvent, type AccessEvent } from '../../../core/access-event.ts';
import { instantOf, type Clock } from '../../../core/clock.ts';
import type { FieldEvent } from '../../../core/field-event.ts';
import type { ReadingSink } from '../../../core/reading.ts';
import { repeat } from '../../../core/repeat.ts';
import type { Database } from '../../db/schema.ts';
import type { RosterChanges } from '../../people/on-call.ts';
import { credentialRepository, type CredentialService } from '../credentials.ts';
import { fieldEventRepository } from '../field-events.ts';
import { anywhere, type Inside } from '../presence/presence.ts';
import { presenceAt, type PastPresence } from '../presence/past.ts';
import { ticketRepository, type TicketRecord } from '../repository.ts';
import type { AccessService } from '../service.ts';
import { personsOf } from '../view.ts';
import { dutyUntil } from './duty.ts';
import { holderKey, sameCard, ticketHolder, type HolderKey, type StaffMember } from './holders.ts';
import type { JudgeFacts } from './facts.ts';
import { createJudge, type Judge } from './judge.ts';
import { clauseOf, type Finding } from './kinds.ts';
import { createLiveFindings, findingReadings } from './live.ts';
import { findingRepository, type FindingFilter, type FindingRow } from './repository.ts';
import { sameName, type JudgedTicket, type TicketPerson } from './tickets.ts';

/** The state is made of the events of this long, at a start. */
const restoredMs = 48 * 3_600_000;
const eventsAtOnce = 2_000;
/** A controller that replays a year at the wrong moment must not keep the server from starting. */
const mostRestored = 100_000;
/** Of findings whose row is known to be there; one that is forgotten and found again changes nothing of its row. */
const mostKnown = 50_000;
/** Tickets are kept in memory while their window is this near. */
const nearMs = 3 * 86_400_000;
/** Of an incident: who came within a day before it, and what doors said around it. */
const pastMs = 24 * 3_600_000;
const aroundMs = 10 * 60_000;
const reloadEveryMs = 3_600_000;
const publishEveryMs = 30_000;

export interface AccessJudgement {
  /** Who is inside, as far as doors and desk have said. */
  inside(): readonly Inside[];
  ticket(id: string): JudgedTicket | undefined;
  list(filter: FindingFilter): Promise<FindingRow[]>;
  /** What tickets, cards and doors say about a site around a moment of the past. */
  past(site: string, moment: number): Promise<PastAccess>;
  /** From the stream. */
  events(events: readonly FieldEvent[]): void;
  tick(): void;
  /** Resolves once everything found so far is stored. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** A site around a moment. */
interface PastAccess extends PastPresence {
  readonly tickets: readonly TicketRecord[];
  readonly ticket: (id: string) => JudgedTicket | undefined;
  /** From ten minutes before to ten minutes after, oldest first, with whose credential it was. */
  readonly events: readonly { readonly event: AccessEvent; readonly holder: HolderKey | undefined }[];
}

export interface JudgementOptions {
  readonly model: Model;
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly access: Pick<AccessService, 'onChange'>;
  readonly credentials: Pick<CredentialService, 'onChange'>;
  readonly roster: () => RosterChanges;
  readonly accept: ReadingSink;
}

/** The judgement on the stream, with its state restored: findings become rows, and points that rules make alarms of. */
export async function openJudgement(options: JudgementOptions): Promise<AccessJudgement> {
  const { model, db, clock, log, accept } = options;
  const tickets = ticketRepository(db);
  const cards = credentialRepository(db);
  const findings = findingRepository(db);
  const fieldEvents = fieldEventRepository(db);
  const facts: JudgeFacts = {
    doors: model.doors ?? [],
    transitRooms: new Set(
      model.rooms.filter(({ kind }) => kind === 'mantrap' || kind === 'corridor').map(({ key }) => key),
    ),
    escortedSites: new Set(
      Object.entries(model.standard.access.services).flatMap(([site, each]) => each.escortRequired ? site : []),
    ),
    dutyUntil: (person, place) => dutyUntil(model.people, options.roster(), { person, ...place }),
  }; // prettier-ignore
  const judge = createJudge(facts);
  const live = createLiveFindings();
  /** Known as rows, so that what is found again is not raised again. */
  const known = new Set<string>();
  const unwritten: FindingRow[] = [];
  const unended = new Map<string, number>();
  let writing: Promise<void> | undefined;
  let failing = false;
  let published = -Infinity;

  const clauseAt = (finding: Finding): string => {
    const site = model.sites.find(({ id }) => id === finding.site);
    if (site === undefined) throw new RangeError(`no site ${finding.site} in the model`);
    return clauseOf(finding.kind, { site: site.standard, access: model.standard.access });
  };

  function take(found: readonly Finding[]): void {
    const now = instantOf(clock);
    let isNews = false;
    for (const finding of found) {
      if (known.has(finding.id)) continue;
      known.add(finding.id);
      if (known.size > mostKnown) known.delete(known.values().next().value ?? '');
      const isLive = live.add(finding, now);
      isNews ||= isLive;
      unwritten.push({
        ...finding,
        clause: clauseAt(finding),
        found_at: now.at,
        events: JSON.stringify(finding.events),
        state: isLive ? 'live' : 'recorded',
        ended_at: null,
      });
    }
    if (unwritten.length > 0) writeSoon();
    if (isNews) publish();
  }

  function publish(): void {
    published = clock.monotonic();
    accept(findingReadings(model, { findings: live.all(), now: clock.now() }));
  }

  async function write(): Promise<void> {
    try {
      while (unwritten.length > 0 || unended.size > 0) {
        const rows = unwritten.slice(0, 500);
        await findings.add(rows);
        unwritten.splice(0, rows.length);
        const ended = [...unended];
        for (const [id, at] of ended) {
          await findings.end([id], at);
          unended.delete(id);
        }
      }
      failing = false;
    } catch (error) {
      // They are kept; the next tick tries again.
      if (!failing) log.error({ err: error }, 'findings about entries cannot be stored; they are kept and tried again');
      failing = true;
    }
  } // prettier-ignore

  function writeSoon(): void {
    writing ??= write().finally(() => {
      writing = undefined;
    });
  }

  function see(ticket: TicketRecord): void {
    const now = clock.now();
    const isNear = ticket.to_at >= now - nearMs && ticket.from_at <= now + nearMs;
    if (!isNear || ticket.state === 'rejected' || ticket.state === 'cancelled') {
      judge.tickets.remove(ticket.id);
      return;
    }
    judge.tickets.set(judgedTicket(ticket, judge.tickets.get(ticket.id)?.enteredAt ?? null));
    signsOfDesk(judge, ticket);
  }

  async function loadTickets(): Promise<void> {
    const now = clock.now();
    const near = await tickets.around({ from: now - nearMs, to: now + nearMs });
    const ids = new Set(near.map(({ id }) => id));
    for (const { id } of judge.tickets.all()) if (!ids.has(id)) judge.tickets.remove(id);
    for (const ticket of near) see(ticket);
  }

  async function loadCards(of: Judge, since: number): Promise<void> {
    const given = await cards.since(since);
    of.credentials.setAssignments(
      given.map(({ card, ticket, person, given_at: from, returned_at: to }) => ({
        card, ticket, from, to,
        person: personOf(person),
      })),
    );
    of.credentials.setRevocations(
      (await cards.revokedSince(since)).map(({ card, at: from, ended_at: to }) => ({ card, from, to })),
    );
  } // prettier-ignore

  async function eventsBetween(from: number, { to, site }: { readonly to?: number; readonly site?: string }): Promise<FieldEvent[]> {
    const events: FieldEvent[] = [];
    let after: readonly [number, string] | undefined;
    for (;;) {
      const rows = await fieldEvents.list({ site, from, to, after, limit: eventsAtOnce });
      for (const { id, site: at, device, kind, attributes, ...row } of rows)
        events.push({ id, source: `${at}/${device}`, at: row.at, kind, attributes: attributesOf(attributes) });
      const last = rows.at(-1);
      if (last === undefined || rows.length < eventsAtOnce || events.length >= mostRestored) return events;
      after = [last.at, last.id];
    }
  } // prettier-ignore

  async function past(site: string, moment: number): Promise<PastAccess> {
    const then = createJudge(facts);
    then.credentials.setStaff(staffOf(model));
    await loadCards(then, moment - restoredMs);
    const around = (await tickets.around({ from: moment - pastMs, to: moment + aroundMs })).filter(
      (ticket) => ticket.site === site,
    );
    for (const ticket of around) {
      then.tickets.set(judgedTicket(ticket, null));
      const { checked_in_at: checkedInAt, fulfilled_at: fulfilledAt } = ticket;
      if (checkedInAt !== null && checkedInAt <= moment && (fulfilledAt === null || fulfilledAt > moment))
        signsOfDesk(then, { ...ticket, state: 'checked-in' });
    }
    const events = await eventsBetween(moment - pastMs, { to: moment + aroundMs, site });
    const presence = presenceAt(then, events, moment);
    const near = events
      .flatMap((event) => parseAccessEvent(event) ?? [])
      .filter(({ at }) => Math.abs(at - moment) <= aroundMs)
      .toSorted((a, b) => a.at - b.at)
      .map((event) => ({ event, holder: holderKey(then.credentials.holderOf(event, then.tickets)) }));
    return { ...presence, tickets: around, ticket: (id) => then.tickets.get(id), events: near };
  }

  function judgeEvents(events: readonly FieldEvent[]): void {
    const parsed = events.flatMap((event) => parseAccessEvent(event) ?? []).toSorted((a, b) => a.at - b.at);
    const found: Finding[] = [];
    for (const event of parsed) {
      const judgement = judge.event(event);
      found.push(...judgement.findings);
      const { entered } = judgement;
      if (entered === undefined) continue;
      const ticket = judge.tickets.get(entered.ticket);
      if (ticket !== undefined) judge.tickets.set({ ...ticket, enteredAt: entered.at });
      tickets
        .entered(entered.ticket, entered.at)
        .catch((error: unknown) => log.error({ err: error }, 'an entry cannot be written to its ticket'));
    }
    take(found);
  }

  /** As it was before the restart, from the events themselves: what is found again has its row. */
  async function restore(): Promise<void> {
    const from = clock.now() - restoredMs;
    for (const row of await findings.since(from - restoredMs)) {
      known.add(row.id);
      if (row.state === 'live') live.restore({ ...row, events: [] }, instantOf(clock));
    }
    judgeEvents(await eventsBetween(from, {}));
  }

  judge.credentials.setStaff(staffOf(model));
  const reloadCards = (): Promise<void> => loadCards(judge, clock.now() - nearMs);
  await reloadCards();
  await loadTickets();
  await restore();
  options.access.onChange(see);
  options.credentials.onChange(reloadCards);
  const reloading = repeat(clock, { everyMs: reloadEveryMs }, async () => {
    try {
      await loadTickets();
    } catch (error) {
      log.error(
        { err: error },
        'tickets cannot be read for the judgement of entries; tried again in an hour',
      );
    }
  });

  return {
    inside: () => judge.inside(),
    ticket: (id) => judge.tickets.get(id),
    list: (filter) => findings.list(filter),
    past,
    events: judgeEvents,
    tick() {
      const now = instantOf(clock);
      const { findings: found, standing } = judge.time(now.at);
      take([...found, ...standing]);
      const over = live.settle(new Set(standing.map(({ id }) => id)), now);
      for (const id of over) unended.set(id, now.at);
      if (over.length > 0 || unwritten.length > 0) writeSoon();
      if (over.length > 0 || clock.monotonic() - published >= publishEveryMs) publish();
    },
    async settled() {
      await writing;
    },
    async close() {
      await reloading.close();
      await writing;
    },
  };
}

/** What the desk says of the persons of a ticket: in with the check-in, out when it is fulfilled. */
function signsOfDesk(judge: Judge, ticket: TicketRecord): void {
  const { id, site, rooms, state, checked_in_at: checkedInAt, fulfilled_at: fulfilledAt, to_at: until } = ticket;
  const persons = personsOf(ticket);
  const isPicListed = persons.some(({ name }) => sameName(name) === sameName(ticket.pic));
  const places = [...persons.keys(), ...(ticket.accompanied === 1 && !isPicListed ? (['pic'] as const) : [])];
  for (const place of places) {
    const holder = ticketHolder(id, place);
    const sign = { holder, site, until, sign: 'check-in', isFromOutside: false } as const;
    const isKnown = judge.find(holder) !== undefined;
    if (state === 'checked-in' && checkedInAt !== null) {
      const room = rooms.length === 1 ? (rooms[0] ?? anywhere) : anywhere;
      if (!isKnown && judge.leftAt(holder) < checkedInAt) judge.sign({ ...sign, room, at: checkedInAt });
    } else if (fulfilledAt !== null && isKnown) judge.sign({ ...sign, room: null, at: fulfilledAt });
  }
} // prettier-ignore

function judgedTicket(ticket: TicketRecord, enteredAt: number | null): JudgedTicket {
  return {
    id: ticket.id,
    site: ticket.site,
    rooms: ticket.rooms,
    unit: ticket.unit,
    pic: ticket.pic,
    accompanied: ticket.accompanied === 1,
    persons: personsOf(ticket).map(({ name, party }) => ({ name, party })),
    escort: ticket.escort,
    from: ticket.from_at,
    to: ticket.to_at,
    state: ticket.state,
    checkedInAt: ticket.checked_in_at,
    fulfilledAt: ticket.fulfilled_at,
    // The row may not have it yet.
    enteredAt: ticket.entered_at ?? (ticket.state === 'reopened' ? null : enteredAt),
  };
}

function staffOf({ people }: Model): StaffMember[] {
  return (people?.persons ?? []).map(({ person, name, cards = [] }) => ({ person, name, cards }));
}

/** Cards that belong to the staff, as cards are compared. */
export function staffCardsOf({ people }: Pick<Model, 'people'>): Set<string> {
  return new Set((people?.persons ?? []).flatMap(({ cards = [] }) => cards.map(sameCard)));
}

function personOf(text: string): TicketPerson {
  return text === 'pic' ? text : Number(text);
}

function attributesOf(text: string): FieldEvent['attributes'] {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(
    Object.entries(parsed).filter(
      (entry): entry is [string, string | number | boolean | null] =>
        entry[1] === null || ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  );
}
