import type { Executor } from '../db/schema.ts';
import type { Findings } from './findings.ts';
import { particularsOf } from './particulars.ts';

const ticketsAtOnce = 500;

/** Tickets change, and each change is an event that keeps what the ticket was then: the latest one must be what it is now. */
export async function checkTickets(db: Executor, findings: Findings): Promise<void> {
  for (let after = ''; ;) {
    const tickets = await db
      .selectFrom('ticket')
      .select('id')
      .where('id', '>', after)
      .orderBy('id')
      .limit(ticketsAtOnce)
      .execute();
    const last = tickets.at(-1);
    if (last === undefined) return;
    const ids = tickets.map(({ id }) => id);
    // Somebody may be working on one: what differs is looked at again.
    for (const id of await differing(db, await differing(db, ids)))
      findings.add('edited', null, `row "${id}" of ticket is not what its latest event says it became`);
    after = last.id;
  }
}

async function differing(db: Executor, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const events = await db
    .selectFrom('ticket_event')
    .innerJoin('log_entry', (join) =>
      join.onRef('log_entry.ref', '=', 'ticket_event.id').on('log_entry.kind', '=', 'ticket-event'),
    )
    .select(['ticket_event.ticket', 'ticket_event.particulars', 'log_entry.sequence'])
    .where('ticket_event.ticket', 'in', ids)
    .orderBy('log_entry.sequence')
    .execute();
  const tickets = await db.selectFrom('ticket').selectAll().where('id', 'in', ids).execute();
  const rooms = await db.selectFrom('ticket_room').selectAll().where('ticket', 'in', ids).execute();
  const latest = new Map(events.map(({ ticket, particulars }) => [ticket, particulars]));
  return tickets
    .filter((ticket) => {
      const became = latest.get(ticket.id);
      // Before the log was kept: nothing is known of it.
      if (became === null) return false;
      const own = rooms.filter(({ ticket: id }) => id === ticket.id).map(({ room }) => room);
      return became !== particularsOf(ticket, own);
    })
    .map(({ id }) => id);
}
