import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { IncidentView } from '../contracts/incidents.ts';
import { iso } from '../../core/time.ts';
import type { Person } from '../auth/identity.ts';
import type { Role } from '../contracts/common.ts';
import type {
  TicketAction,
  TicketDetails,
  TicketInput,
  TicketRefusalCode,
  TicketView,
} from '../contracts/tickets.ts';
import { sortableId, type RandomBytes } from '../db/id.ts';
import type { Database } from '../db/schema.ts';
import type { Touch } from '../incidents/repository.ts';
import type { IncidentRow } from '../incidents/record.ts';
import type { CredentialService, GivenCard } from './credentials.ts';
import { createIdentityLookups, type IdentityLookups } from './identities.ts';
import { refusalOf, steps, type Refusal } from './life.ts';
import { copiesOf, type TicketMails } from './mails.ts';
import { newRecord, particularsOf } from './record.ts';
import type { Permits } from './permits.ts';
import {
  ticketRepository,
  type NewTicketEvent,
  type TicketChange,
  type TicketFilter,
  type TicketRecord,
  type TicketStep,
} from './repository.ts';
import { approvalRefusal, judgeRequest, type Finding } from './rules.ts';
import { personsOf, requestOf, ticketSummary, ticketView } from './view.ts';

/** For each place and time the incidents it touches; from `server/incidents`. */
type IncidentsTouching = (touches: readonly Touch[]) => Promise<IncidentRow[][]>;

export interface AccessOptions {
  readonly db: Database;
  readonly model: Model;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly incidentsTouching: IncidentsTouching;
  readonly credentials: CredentialService;
  readonly mails: Pick<TicketMails, 'mailFor' | 'send' | 'of'>;
  readonly permits: Permits;
}

/** The ticket is not in a state in which this can be done. */
export class TicketRefused extends Error {
  override readonly name = 'TicketRefused';
  readonly code: TicketRefusalCode;

  constructor({ code, message }: Refusal) {
    super(message);
    this.code = code;
  }
}

interface ActionDetails {
  readonly actor: string;
  readonly role: Role;
  readonly note?: string | undefined;
  readonly escort?: string | undefined;
  /** Given to persons who check in. */
  readonly cards?: readonly GivenCard[] | undefined;
  /** Of a ticket that is reopened. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Who asks. */
type Asker = Pick<Person, 'name' | 'role'>;

/** Access tickets (ITSM.3 *Layanan Akses Fisik*). */
export interface AccessService {
  /** The ticket, or what the request lacks. */
  create(
    input: TicketInput,
    by: Asker,
    referenceAt?: number,
  ): Promise<TicketDetails | { readonly findings: readonly Finding[] }>;
  /** Requests that were judged before: all of them, or none. */
  createAll(tickets: readonly { input: TicketInput; service: string }[], user: string): Promise<void>;
  /** Other particulars for a request that was not answered yet; undefined when there is no such ticket. */
  update(
    id: string,
    input: TicketInput,
    by: Asker & { readonly referenceAt: number },
  ): Promise<TicketDetails | { readonly findings: readonly Finding[] } | undefined>;
  get(id: string, role: Role): Promise<TicketDetails | undefined>;
  /** Undefined when there is no such ticket; rejects with TicketRefused when the action cannot be done now. */
  act(id: string, action: TicketAction, by: ActionDetails): Promise<TicketDetails | undefined>;
  /** The persons with their identities; written down as a look-up before it is answered. */
  identities(
    id: string,
    by: { readonly user: string; readonly reason: string },
  ): Promise<TicketView['persons'] | undefined>;
  readonly lookups: IdentityLookups;
  byReference(references: readonly string[]): Promise<ReadonlyMap<string, string>>;
  find(id: string): Promise<TicketRecord | undefined>;
  list(filter: Omit<TicketFilter, 'now'>): Promise<TicketRecord[]>;
  /** Called with each ticket that was made or changed. */
  onChange(listener: (ticket: TicketRecord) => void): void;
  /** Tells who listens of tickets that were written elsewhere: those of a series. */
  announce(tickets: readonly TicketRecord[]): void;
  /** A page of tickets costs a few queries, not one a ticket. */
  views(tickets: readonly TicketRecord[], role: Role): Promise<TicketView[]>;
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
  mails,
  permits,
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

  async function views(tickets: readonly TicketRecord[], role: Role): Promise<TicketView[]> {
    const touched = await touchedBy(tickets);
    const someWait = tickets.some(({ state }) => state === 'submitted');
    const places = new Map((someWait ? await repository.waiting() : []).map((id, index) => [id, index + 1]));
    const context = { now: clock.now(), calendars: model.calendars, role };
    return tickets.map((ticket, index) =>
      ticketView(ticket, touched[index] ?? [], { ...context, place: places.get(ticket.id) ?? null }),
    );
  }

  async function details(ticket: TicketRecord, role: Role): Promise<TicketDetails> {
    const [view] = await views([ticket], role);
    if (view === undefined) throw new RangeError(`no view of ticket ${ticket.id}`);
    const events = await repository.events(ticket.id);
    const actions = new Map(events.map(({ id, action }) => [id, action]));
    return {
      ...view,
      events: events.map(({ at, action, actor, note }) => ({ at: iso(at), action, actor, note })),
      mails: (await mails.of(ticket.id)).map((mail) => ({
        at: iso(mail.created_at),
        action: actions.get(mail.event) ?? 'submit',
        to: mail.recipient,
        cc: copiesOf(mail),
        state: mail.state,
        answer: mail.answer,
      })),
    };
  }

  /** The step is written with the mail that tells of it, then the mail may leave. */
  async function take(
    ticket: TicketRecord,
    { change, event, also }: Pick<TicketStep, 'change' | 'event' | 'also'>,
  ): Promise<TicketRecord> {
    const next = { ...ticket, ...change };
    const mail = mails.mailFor(next, event);
    if (!(await repository.change(ticket.id, ticket.state, { change, event, mail, also })))
      throw new TicketRefused({
        code: 'changed-meanwhile',
        message: 'somebody else has just changed the ticket; look at it again',
      });
    if (mail !== undefined) mails.send([{ mail, ticket: next, event }]);
    if (also !== undefined) await credentials.changed();
    changed(next);
    return next;
  }

  async function add(tickets: readonly TicketRecord[]): Promise<void> {
    const made = tickets.map((ticket) => {
      const event = newEvent({ ticket: ticket.id, action: 'submit', actor: ticket.created_by, note: null });
      return { ticket, event, mail: mails.mailFor(ticket, event) };
    });
    await repository.add(made);
    for (const { ticket } of made) changed(ticket);
    mails.send(made.flatMap(({ mail, ...rest }) => (mail === undefined ? [] : [{ mail, ...rest }])));
  }

  return {
    views,
    lookups,
    byReference: (references) => repository.byReference(references),
    find: (id) => repository.find(id),
    async create(input, { name, role }, referenceAt) {
      const verdict = judgeRequest(model, input);
      if ('findings' in verdict) return verdict;
      if (input.reference !== undefined) {
        const taken = (await repository.byReference([input.reference])).get(input.reference);
        if (taken !== undefined) return { findings: [referenceTaken(taken)] };
      }
      const now = clock.now();
      const id = sortableId(now, randomBytes);
      const ticket = newRecord(input, { id, service: verdict.service, user: name, now, referenceAt });
      await add([ticket]);
      return details(ticket, role);
    },
    async createAll(tickets, user) {
      const now = clock.now();
      await add(
        tickets.map(({ input, service }) =>
          newRecord(input, { id: sortableId(now, randomBytes), service, user, now }),
        ),
      );
    },
    async update(id, input, { name, role, referenceAt }) {
      const ticket = await repository.find(id);
      if (ticket === undefined) return undefined;
      if (ticket.state !== 'submitted')
        throw new TicketRefused({
          code: 'wrong-state',
          message: `the ticket is ${ticket.state}; its particulars change only until it is answered: cancel it, and send a new one`,
        });
      const verdict = judgeRequest(model, input);
      if ('findings' in verdict) return verdict;
      const change = { ...particularsOf(input), service: verdict.service, reference_at: referenceAt };
      const event = newEvent({ ticket: id, action: 'update', actor: name, note: null });
      return details(await take(ticket, { change, event }), role);
    },
    async get(id, role) {
      const ticket = await repository.find(id);
      return ticket === undefined ? undefined : details(ticket, role);
    },
    async act(id, action, { actor, role, note = null, escort = null, cards = [], from, to }) {
      const ticket = await repository.find(id);
      if (ticket === undefined) return undefined;
      const now = clock.now();
      const refusal =
        refusalOf(action, ticket, now) ??
        (action === 'approve' ? approvalRefusal(model, requestOf(ticket)) : undefined);
      if (refusal !== undefined) throw new TicketRefused(refusal);
      const window =
        from === undefined || to === undefined ? {} : { from_at: Date.parse(from), to_at: Date.parse(to) };
      const change = { ...changeOf(action, { now, escort }), ...window };
      const event = newEvent({ ticket: id, action, actor, note });
      const unsafe = action === 'approve' ? await permits.refusalOf(ticket) : undefined;
      if (unsafe !== undefined) throw new TicketRefused({ code: 'supply-at-risk', message: unsafe });
      const refusedCards = await credentials.refusalOf(cards, personsOf(ticket).length);
      if (refusedCards !== undefined) throw new TicketRefused({ code: 'card', message: refusedCards });
      const also = credentials.changeWith(action, { ticket: id, cards, actor });
      const done = await take(ticket, { change, event, also });
      if (action === 'check-in') await permits.begin(done, actor);
      if (action === 'fulfil') await permits.end(done, actor);
      return details(done, role);
    },
    async identities(id, { user, reason }) {
      const ticket = await repository.find(id);
      if (ticket === undefined) return undefined;
      await lookups.record({ tickets: [id], user, reason });
      return personsOf(ticket);
    },
    onChange: (listener) => void listeners.push(listener),
    announce: (tickets) => tickets.forEach(changed),
    list: (filter) => repository.list({ ...filter, now: clock.now() }),
  };
}

function referenceTaken(ticket: string): Finding {
  return {
    path: 'body.reference',
    code: 'reference-taken',
    message: `is the number of ticket ${ticket} already`,
  };
}

/** An approval or a plan that names the escort officer needs nothing more before the check-in. */
function changeOf(
  action: TicketAction,
  { now, escort }: { readonly now: number; readonly escort: string | null },
): TicketChange & Pick<TicketRecord, 'state'> {
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
