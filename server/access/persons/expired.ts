import { behind, type ListPlace } from '../../db/list-place.ts';
import type { Executor } from '../../db/schema.ts';
import type { LogCheckpointTable } from '../../db/schema/log.ts';
import { wibDay, dayMs, wibMidnight } from '../../../core/wib.ts';
import { erasedAddress } from './erase.ts';
import { peopleInSeries, templateOf, type Held, type HeldSeries, type HeldTicket } from './held.ts';
import { over } from './service.ts';
import { erasedText, peopleOf, type PeopleOf, type Place } from './subject.ts';

/** Before this time everything of its kind is past its period, epoch ms. */
export interface Cuts {
  readonly tickets: number;
  readonly events: number;
}

/** A wall clock that jumps ahead for less than this erases nothing. */
const daysOfProof = 7;
/** More than a week of minutes. */
const checkpointsLookedAt = 11_000;

/**
 * The time by what is stored: the beginning of the seventh-newest day on which checkpoints were signed, if the clock is not behind it. What
 * is erased cannot be brought back, so a clock that is wrong today must be wrong for a week before anything goes. Undefined: the log
 * is younger than that.
 */
export function storedNow(
  checkpoints: readonly Pick<LogCheckpointTable, 'at'>[],
  now: number,
): number | undefined {
  const days = [...new Set(checkpoints.map(({ at }) => wibDay(at)))].toSorted((one, other) => other - one);
  const day = days[daysOfProof - 1];
  return day === undefined ? undefined : Math.min(now, wibMidnight(day * dayMs));
}

export function newestCheckpoints(db: Executor): Promise<Pick<LogCheckpointTable, 'at'>[]> {
  return db
    .selectFrom('log_checkpoint')
    .select('at')
    .orderBy('number', 'desc')
    .limit(checkpointsLookedAt)
    .execute();
}

/** Up to so many tickets past their period that still name somebody, after a place in the list of tickets. */
export async function expiredTickets(
  db: Executor,
  { cut, after, limit }: { readonly cut: number; readonly after: string; readonly limit: number },
): Promise<{ readonly held: Held; readonly next: string | undefined }> {
  const rows = await db
    .selectFrom('ticket')
    .selectAll()
    .where('id', '>', after)
    .where('state', 'in', [...over])
    .where('to_at', '<', cut)
    // The window is what somebody wrote; the ticket itself must be as old.
    .where((eb) => eb(eb.fn.coalesce('closed_at', 'answered_at', 'created_at'), '<', cut))
    .orderBy('id')
    .limit(limit)
    .execute();
  const tickets: HeldTicket[] = rows.flatMap((ticket) => {
    const people = peopleOf(ticket);
    return namesSomebody(people) || ticket.fields !== '{}'
      ? [{ ticket, people, place: everybody(people) }]
      : [];
  });
  const ids = tickets.map(({ ticket }) => ticket.id);
  const [cards, mails] =
    ids.length === 0
      ? [[], []]
      : await Promise.all([
          db.selectFrom('credential').selectAll().where('ticket', 'in', ids).execute(),
          db.selectFrom('ticket_mail').selectAll().where('ticket', 'in', ids).execute(),
        ]);
  return {
    held: { ...nothing, tickets, cards, mails },
    next: rows.length < limit ? undefined : rows.at(-1)?.id,
  };
}

/** Up to so many door events before the cut that still name a card or a person, after a place in their order. */
export async function expiredEvents(
  db: Executor,
  { cut, after, limit }: { readonly cut: number; readonly after: ListPlace; readonly limit: number },
): Promise<{ readonly held: Held; readonly next: ListPlace | undefined }> {
  const events = await db
    .selectFrom('field_event')
    .selectAll()
    .where('at', '<', cut)
    // A controller whose clock is wrong dates what happens today in 1970.
    .where('received_at', '<', cut)
    .where(behind(after))
    .where((eb) => eb.or([eb('card', 'is not', null), eb('person', 'is not', null)]))
    .orderBy('at')
    .orderBy('id')
    .limit(limit)
    .execute();
  const last = events.at(-1);
  return {
    held: { ...nothing, events },
    next: last === undefined || events.length < limit ? undefined : [last.at, last.id],
  };
}

/** Series that ended before the cut and still name somebody. */
export async function expiredSeries(db: Executor, cut: number): Promise<Held> {
  const rows = await db
    .selectFrom('ticket_series')
    .selectAll()
    .where('ended_at', '<', cut)
    .orderBy('id')
    .execute();
  const series: HeldSeries[] = rows.flatMap((row) => {
    const template = templateOf(row);
    const people = peopleInSeries(template);
    return namesSomebody(people) ? [{ series: row, template, place: everybody(people) }] : [];
  });
  return { ...nothing, series };
}

const nothing: Held = { tickets: [], cards: [], events: [], mails: [], series: [] };

function everybody({ persons }: PeopleOf): Place {
  return { persons: persons.map((_, index) => index), isPic: true, isSuperior: true };
}

function namesSomebody({ pic, picEmail, superiorEmail, persons }: PeopleOf): boolean {
  return (
    pic !== erasedText ||
    picEmail !== null ||
    (superiorEmail !== '' && superiorEmail !== erasedAddress) ||
    persons.some(({ identity, name }) => identity !== erasedText || name !== erasedText)
  );
}
