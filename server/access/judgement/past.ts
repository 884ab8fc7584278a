import { parseAccessEvent, type AccessEvent } from '../../../core/access-event.ts';
import { presenceAt, type PastPresence } from '../presence/past.ts';
import type { TicketRecord } from '../repository.ts';
import { judgedTicket, signsOfDesk } from './desk.ts';
import type { JudgeFacts } from './facts.ts';
import { holderKey, type HolderKey, type StaffMember } from './holders.ts';
import { createJudge } from './judge.ts';
import type { Records } from './records.ts';
import type { JudgedTicket } from './tickets.ts';

/** A site around a moment. */
export interface PastAccess extends PastPresence {
  readonly tickets: readonly TicketRecord[];
  readonly ticket: (id: string) => JudgedTicket | undefined;
  /** From ten minutes before to ten minutes after, oldest first, with whose credential it was. */
  readonly events: readonly { readonly event: AccessEvent; readonly holder: HolderKey | undefined }[];
}

/** Who came within a day before it, and what doors said around it. */
const pastMs = 24 * 3_600_000;
const aroundMs = 10 * 60_000;
/** Cards that were given before are taken back by then. */
const cardsMs = 48 * 3_600_000;

/** What tickets, cards and doors say about a site around a moment of the past: the stored events, replayed on a judge of their own. */
export async function pastAccess(
  {
    records,
    facts,
    staff,
  }: { readonly records: Records; readonly facts: JudgeFacts; readonly staff: readonly StaffMember[] },
  site: string,
  moment: number,
): Promise<PastAccess> {
  const then = createJudge(facts);
  then.credentials.setStaff(staff);
  await records.cards(then, moment - cardsMs);
  const near = await records.tickets({ from: moment - pastMs, to: moment + aroundMs });
  const tickets = near.filter((ticket) => ticket.site === site);
  for (const ticket of tickets) {
    then.tickets.set(judgedTicket(ticket, null));
    const { checked_in_at: checkedInAt, fulfilled_at: fulfilledAt } = ticket;
    if (checkedInAt !== null && checkedInAt <= moment && (fulfilledAt === null || fulfilledAt > moment))
      signsOfDesk(then, { ...ticket, state: 'checked-in' });
  }
  const events = await records.events(moment - pastMs, { to: moment + aroundMs, site });
  const presence = presenceAt(then, events, moment);
  const around = events
    .flatMap((event) => parseAccessEvent(event) ?? [])
    .filter(({ at }) => Math.abs(at - moment) <= aroundMs)
    .toSorted((a, b) => a.at - b.at)
    .map((event) => ({ event, holder: holderKey(then.credentials.holderOf(event, then.tickets)) }));
  return { ...presence, tickets, ticket: (id) => then.tickets.get(id), events: around };
}
