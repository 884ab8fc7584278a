import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { PersonEntry } from '../../config/schema/people.ts';
import type { Clock } from '../../core/clock.ts';
import { ticketMail, type ToldTicket } from '../../domain/wording/ticket-mail.ts';
import type { Database } from '../db/schema.ts';
import type { TicketMailTable } from '../db/schema/tickets.ts';
import type { ChannelDriver } from '../notify/channel.ts';
import { keyOf } from '../notify/record.ts';
import { createSender } from '../notify/sender.ts';
import { mailRepository } from './mail-repository.ts';
import type { NewTicketEvent, TicketRecord } from './repository.ts';
import { personsOf } from './view.ts';

/** A mail about a step of a ticket, with what it tells. */
interface TicketMailEntry {
  readonly mail: TicketMailTable;
  readonly ticket: TicketRecord;
  readonly event: NewTicketEvent;
}

/** Mails about the steps of tickets. They wait in the ticket's own transaction and leave through the sender of the pages. */
export interface TicketMails {
  /** The row to write with the step; undefined: nobody is told of it, or no mail server is set up. */
  mailFor(ticket: TicketRecord, event: NewTicketEvent): TicketMailTable | undefined;
  /** Once they are written: they may leave. */
  send(entries: readonly TicketMailEntry[]): void;
  /** Oldest first. */
  of(ticket: string): Promise<TicketMailTable[]>;
  /** Why mails do not leave at the moment. */
  problem(): string | undefined;
  close(): Promise<void>;
}

type Waiting = TicketMailTable & { readonly person: string; readonly channel: 'email' };

const retryMs = 5_000;
/** Tickets whose mails are on their way together: an import of thousands must not run into the time limit of a message. */
const ticketsAtOnce = 8;

/** With the mails that waited when the process ended. Rejects when they cannot be read. */
export async function openTicketMails(options: {
  readonly db: Database;
  readonly model: Model;
  /** Absent: mails are not set up. */
  readonly email: ChannelDriver | undefined;
  readonly publicUrl: string;
  readonly newId: (at: number) => string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
}): Promise<TicketMails> {
  const { db, model, email, publicUrl, newId, clock, log } = options;
  const repository = mailRepository(db);
  /** Until they are sent, and that is written. */
  const entries = new Map<string, { row: Waiting; readonly ticket: TicketRecord; readonly event: NewTicketEvent }>();
  const unwritten = new Map<string, TicketMailTable>();
  let writing: Promise<void> | undefined;
  let stopRetry: (() => void) | undefined;
  const names = new Map(model.sites.map(({ id, name }) => [id, name]));

  function remember({ mail, ticket, event }: TicketMailEntry): void {
    entries.set(mail.id, { row: { ...mail, person: mail.ticket, channel: 'email' }, ticket, event });
  }

  async function write(): Promise<void> {
    while (unwritten.size > 0) {
      const rows = [...unwritten.values()];
      await repository.save(rows);
      for (const row of rows) {
        // It may have changed while it was written.
        if (unwritten.get(row.id) !== row) continue;
        unwritten.delete(row.id);
        if (row.state !== 'waiting') entries.delete(row.id);
      }
    }
  }

  function flush(): Promise<void> {
    stopRetry?.();
    writing ??= write()
      .catch((error: unknown) => {
        log.error({ err: error }, 'what became of mails about tickets cannot be written; it is tried again');
        stopRetry = clock.after(retryMs, () => void flush());
      })
      .finally(() => {
        writing = undefined;
      });
    return writing;
  }

  function toldOf(ticket: TicketRecord): ToldTicket {
    const rooms = model.rooms.filter(({ site, id }) => site === ticket.site && ticket.rooms.includes(id));
    return {
      id: ticket.id,
      service: ticket.service,
      siteName: names.get(ticket.site) ?? ticket.site,
      rooms: rooms.map(({ name }) => name),
      unit: ticket.unit,
      pic: ticket.pic,
      accompanied: ticket.accompanied === 1,
      persons: personsOf(ticket),
      activity: ticket.activity,
      from: ticket.from_at,
      to: ticket.to_at,
      escort: ticket.escort,
    };
  }

  /** Those that failed go behind those that were never tried. */
  function nextOnes(): Waiting[] {
    const waiting = [...entries.values()].map(({ row }) => row).filter(({ state }) => state === 'waiting');
    const byNeed = waiting.toSorted((a, b) => a.attempts - b.attempts || (a.id < b.id ? -1 : 1));
    const chosen = new Set<string>();
    for (const { ticket } of byNeed) {
      chosen.add(ticket);
      if (chosen.size === ticketsAtOnce) break;
    }
    return waiting.filter(({ ticket }) => chosen.has(ticket));
  }

  const latestOf = (ticket: string) => [...entries.values()].findLast(({ row }) => row.ticket === ticket);
  const sender = createSender<Waiting>({
    outbox: {
      waiting: nextOnes,
      find: (id) => entries.get(id)?.row,
      update(row) {
        const entry = entries.get(row.id);
        if (entry === undefined) return;
        entry.row = row;
        const { person: _person, channel: _channel, ...mail } = row;
        unwritten.set(row.id, mail);
      },
    },
    // One queue a ticket: its steps keep their order, and a refused address holds up no other ticket.
    persons: {
      get(ticket): PersonEntry | undefined {
        const entry = latestOf(ticket);
        if (entry === undefined) return undefined;
        return { person: ticket, name: '', language: 'id', email: entry.row.recipient };
      },
    },
    channels: new Map(email === undefined ? [] : [['email', email]]),
    compose({ person: id }, rows) {
      const told = rows.flatMap((row) => entries.get(row.id) ?? []);
      const latest = told.at(-1);
      if (latest === undefined) return undefined;
      const link = `${publicUrl}/akses/${id}`;
      const steps = told.map(({ event: { action, at, note } }) => ({ action, at, note }));
      const mail = ticketMail(toldOf(latest.ticket), steps, { link, isSimulated: model.field === 'simulated' });
      const thread = `ticket-${id}`;
      const isFirst = steps.some(({ action }) => action === 'submit');
      return {
        ...mail,
        key: rows[0]?.message ?? (isFirst ? thread : keyOf(rows)),
        thread,
        link,
        urgent: false,
        isNews: true,
        cc: copiesOf(latest.row),
      };
    },
    written: () => flush(),
    isReady: () => true,
    urgencyOf: () => 5,
    waitsForNothing: () => true,
    handedOver: () => undefined,
    save: () => void flush(),
    clock,
    random: options.random,
    log,
  });

  for (const entry of await repository.waiting()) remember(entry);
  sender.kick();

  return {
    mailFor(ticket, event) {
      if (email === undefined) return undefined;
      // A request that is entered after the fact: nobody can do anything about it.
      if (event.action === 'submit' && ticket.to_at <= event.at) return undefined;
      const requester = model.people?.persons.find(({ person, user }) => (user ?? person) === ticket.created_by);
      const addresses = [ticket.pic_email, requester?.email, ticket.superior_email].flatMap((each) => (each === undefined || each === null || each === '' ? [] : [each]));
      const [recipient, ...copies] = [...new Set(addresses)];
      if (recipient === undefined) return undefined;
      return {
        id: newId(event.at),
        ticket: ticket.id,
        event: event.id,
        recipient,
        cc: copies.length === 0 ? null : JSON.stringify(copies),
        created_at: event.at,
        next_at: event.at,
        state: 'waiting',
        attempts: 0,
        sent_at: null,
        answer: null,
        message: null,
        thread: null,
        version: 1,
      };
    },
    send(decided) {
      for (const entry of decided) remember(entry);
      sender.kick();
    },
    of: (ticket) => repository.of(ticket),
    problem: () => [...sender.failing()].map(([, { why }]) => why)[0],
    async close() {
      await sender.close();
      await flush();
      stopRetry?.();
    },
  };
} // prettier-ignore

/** Addresses in CC. */
export function copiesOf({ cc }: Pick<TicketMailTable, 'cc'>): string[] {
  const copies: unknown = cc === null ? [] : JSON.parse(cc);
  return Array.isArray(copies) ? copies.filter((each) => typeof each === 'string') : [];
}
