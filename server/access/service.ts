import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { IncidentView } from '../contracts/incidents.ts';
import { iso } from '../../core/time.ts';
import type { TicketAction, TicketDetails, TicketInput, TicketView } from '../contracts/tickets.ts';
import { sortableId, type RandomBytes } from '../db/id.ts';
import type { Database, IdentityLookupTable } from '../db/schema.ts';
import type { Touch } from '../incidents/repository.ts';
import type { IncidentRow } from '../incidents/record.ts';
import type { CredentialService, GivenCard } from './credentials.ts';
import { createIdentityLookups, type LookupFilter } from './identities.ts';
import {
  ticketRepository,
  type NewTicketEvent,
  type TicketChange,
  type TicketFilter,
  type TicketRecord,
} from './repository.ts';
import { refusalOf, steps } from './life.ts';
import { judgeRequest } from './rules.ts';
import { personsOf, ticketSummary, ticketView } from './view.ts';

/** For each place and time the incidents it touches; from `server/incidents`. */
type IncidentsTouching = (touches: readonly Touch[]) => Promise<IncidentRow[][]>;

export interface AccessOptions {
  readonly db: Database;
  readonly model: Model;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly incidentsTouching: IncidentsTouching;
  readonly credentials: CredentialService;
}

/** The ticket is not in a state in which this can be done. */
export class TicketRefused extends Error {
  override readonly name = 'TicketRefused';
}

interface ActionDetails {
  readonly actor: string;
  readonly note?: string | undefined;
  readonly escort?: string | undefined;
  /** Given to persons who check in. */
  readonly cards?: readonly GivenCard[] | undefined;
  /** Of a ticket that is reopened. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Access tickets (ITSM.3 *Layanan Akses Fisik*). */
export interface AccessService {
  /** The ticket, or what the request lacks. */
  create(
    input: TicketInput,
    user: string,
  ): Promise<TicketDetails | { readonly findings: readonly { path: string; message: string }[] }>;
  get(id: string): Promise<TicketDetails | undefined>;
  /** Undefined when there is no such ticket; rejects with TicketRefused when the action cannot be done now. */
  act(id: string, action: TicketAction, by: ActionDetails): Promise<TicketDetails | undefined>;
  /** The persons with their identities; written down as a look-up before it is answered. */
  identities(
    id: string,
    by: { readonly user: string; readonly reason: string },
  ): Promise<TicketView['persons'] | undefined>;
  lookups(filter: LookupFilter): Promise<IdentityLookupTable[]>;
  list(filter: Omit<TicketFilter, 'now'>): Promise<TicketRecord[]>;
  /** Called with each ticket that was made or changed. */
  onChange(listener: (ticket: TicketRecord) => void): void;
  /** A page of tickets costs a few queries, not one a ticket. */
  views(tickets: readonly TicketRecord[]): Promise<TicketView[]>;
}

/** For incidents: the tickets whose place and window are touched. Separate, since the service itself needs the incidents. */
export function createTicketsTouching(db: Database): (touch: Touch) => Promise<IncidentView['tickets']> {
  const repository = ticketRepository(db);
  return async (touch) => (await repository.touching(touch)).map(ticketSummary);
}

export function createAccess({
  db,
  model,
  clock,
  randomBytes,
  incidentsTouching,
  credentials,
}: AccessOptions): AccessService {
  const listeners: ((ticket: TicketRecord) => void)[] = [];
  const changed = (ticket: TicketRecord): void => {
    for (const listener of listeners) listener(ticket);
  };
  const repository = ticketRepository(db);
  const newEvent = (event: Omit<NewTicketEvent, 'id' | 'at'>): NewTicketEvent => {
    const at = clock.now();
    return { ...event, id: sortableId(at, randomBytes), at };
  };
  const lookups = createIdentityLookups({ db, clock, randomBytes });

  /** The incidents that each ticket touches, in the order of the tickets. */
  async function touchedBy(tickets: readonly TicketRecord[]): Promise<IncidentRow[][]> {
    // An open incident has lasted until now and no further: it touches no window that has not begun.
    const end = clock.now() + 1;
    const begun = tickets.filter(({ from_at: from, to_at: to }) => from < Math.min(to, end));
    const touched = await incidentsTouching(
      begun.map(({ site, rooms, from_at: from, to_at: to }) => ({
        site,
        rooms,
        from,
        to: Math.min(to, end),
      })),
    );
    const byTicket = new Map(begun.map(({ id }, place) => [id, touched[place]]));
    return tickets.map(({ id }) => byTicket.get(id) ?? []);
  }

  async function views(tickets: readonly TicketRecord[]): Promise<TicketView[]> {
    const touched = await touchedBy(tickets);
    const context = { now: clock.now(), calendars: model.calendars };
    return tickets.map((ticket, place) => ticketView(ticket, touched[place] ?? [], context));
  }

  async function details(ticket: TicketRecord): Promise<TicketDetails> {
    const [incidents = []] = await touchedBy([ticket]);
    const events = await repository.events(ticket.id);
    return {
      ...ticketView(ticket, incidents, { now: clock.now(), calendars: model.calendars }),
      events: events.map(({ at, action, actor, note }) => ({ at: iso(at), action, actor, note })),
    };
  }

  return {
    views,
    async create(input, user) {
      const verdict = judgeRequest(model, input);
      if ('findings' in verdict) return verdict;
      const now = clock.now();
      const ticket: TicketRecord = {
        id: sortableId(now, randomBytes),
        service: verdict.service,
        site: input.site,
        rooms: [...new Set(input.rooms)].toSorted(),
        unit: input.unit,
        pic: input.pic,
        accompanied: input.accompanied ? 1 : 0,
        persons: JSON.stringify(input.persons),
        activity: input.activity,
        from_at: Date.parse(input.from),
        to_at: Date.parse(input.to),
        superior_email: input.superiorEmail,
        created_at: now,
        created_by: user,
        state: 'submitted',
        escort: null,
        answered_at: null,
        fulfilled_at: null,
        closed_at: null,
        checked_in_at: null,
        entered_at: null,
        takes_out: JSON.stringify([...new Set(input.takesOut ?? [])].toSorted()),
        suppresses: input.suppresses ?? null,
      };
      await repository.add(
        ticket,
        newEvent({ ticket: ticket.id, action: 'submit', actor: user, note: null }),
      );
      changed(ticket);
      return details(ticket);
    },
    async get(id) {
      const ticket = await repository.find(id);
      return ticket === undefined ? undefined : details(ticket);
    },
    async act(id, action, { actor, note = null, escort = null, cards = [], from, to }) {
      const ticket = await repository.find(id);
      if (ticket === undefined) return undefined;
      const now = clock.now();
      const refusal = refusalOf(action, ticket, now);
      if (refusal !== undefined) throw new TicketRefused(refusal);
      const window =
        from === undefined || to === undefined ? {} : { from_at: Date.parse(from), to_at: Date.parse(to) };
      const change = { ...changeOf(action, { now, escort }), ...window };
      const event = newEvent({ ticket: id, action, actor, note });
      const refusedCards = await credentials.refusalOf(cards, personsOf(ticket).length);
      if (refusedCards !== undefined) throw new TicketRefused(refusedCards);
      const also = credentials.changeWith(action, { ticket: id, cards, actor });
      if (!(await repository.change(id, ticket.state, { change, event, also })))
        throw new TicketRefused('somebody else has just changed the ticket; look at it again');
      if (also !== undefined) await credentials.changed();
      changed({ ...ticket, ...change });
      return details({ ...ticket, ...change });
    },
    async identities(id, by) {
      const ticket = await repository.find(id);
      if (ticket === undefined) return undefined;
      await lookups.record({ ticket: id, ...by });
      return personsOf(ticket);
    },
    onChange: (listener) => void listeners.push(listener),
    lookups: (filter) => lookups.list(filter),
    list: (filter) => repository.list({ ...filter, now: clock.now() }),
  };
}

/** An approval or a plan that names the escort officer needs nothing more before the check-in. */
function changeOf(
  action: TicketAction,
  { now, escort }: { readonly now: number; readonly escort: string | null },
): TicketChange {
  const { to } = steps[action];
  const named = escort === null ? {} : { escort };
  if (action === 'approve') return { ...named, state: escort === null ? to : 'scheduled', answered_at: now };
  if (action === 'reject') return { state: to, answered_at: now };
  if (action === 'fulfil') return { state: to, fulfilled_at: now };
  if (action === 'close') return { state: to, closed_at: now };
  if (action === 'check-in') return { state: to, checked_in_at: now };
  if (action === 'reopen')
    return { state: to, fulfilled_at: null, closed_at: null, checked_in_at: null, entered_at: null };
  return { ...named, state: to };
}
