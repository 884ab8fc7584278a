import type { TicketInput } from '../contracts/tickets.ts';
import type { TicketRecord } from './repository.ts';

interface NewRecord {
  readonly id: string;
  /** Number of the sub-service. */
  readonly service: string;
  readonly user: string;
  readonly now: number;
  /** The series and the visit that it is for. */
  readonly visit?: { readonly series: string; readonly at: number };
  /** When the other system asked for it, by its own clock. */
  readonly referenceAt?: number | undefined;
}

/** The particulars of a request as they are stored. */
export function particularsOf(input: TicketInput) {
  return {
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
    pic_email: input.picEmail ?? null,
    fields: JSON.stringify(input.fields),
    takes_out: JSON.stringify([...new Set(input.takesOut ?? [])].toSorted()),
    suppresses: input.suppresses ?? null,
  };
}

/** A request that was judged, as a ticket that waits for its answer. */
export function newRecord(
  input: TicketInput,
  { id, service, user, now, visit, referenceAt }: NewRecord,
): TicketRecord {
  return {
    ...particularsOf(input),
    id,
    service,
    created_at: now,
    created_by: user,
    state: 'submitted',
    escort: null,
    answered_at: null,
    fulfilled_at: null,
    closed_at: null,
    checked_in_at: null,
    entered_at: null,
    reference: input.reference ?? null,
    reference_at: referenceAt ?? null,
    series: visit?.series ?? null,
    series_at: visit?.at ?? null,
  };
}
