import type { Model } from '../../../config/model.ts';
import { grouped } from '../../../core/grouped.ts';
import { iso } from '../../../core/time.ts';
import type { PresenceView, PresentPerson } from '../../contracts/presence.ts';
import { ticketPersonOf } from '../judgement/holders.ts';
import { isThirdParty, nameOf, type JudgedTicket } from '../judgement/tickets.ts';
import { anywhere, evidenceOf, type Inside } from './presence.ts';

export interface PresenceContext {
  readonly model: Pick<Model, 'rooms' | 'people'>;
  readonly ticket: (id: string) => JudgedTicket | undefined;
  readonly now: number;
}

/** Who is in which room, rooms by site and name, persons by name. Pure. */
export function presenceOf(inside: readonly Inside[], context: PresenceContext): PresenceView {
  const { model, now } = context;
  const rooms = [...grouped(inside, ({ site, room }) => `${site}/${room}`).entries()].map(
    ([key, persons]) => {
      const [first] = persons;
      const room = model.rooms.find((each) => each.key === key);
      return {
        site: first?.site ?? '',
        room: first?.room === anywhere ? null : (first?.room ?? null),
        name: room?.name ?? null,
        persons: persons
          .map((each) => personOf(each, context))
          .toSorted((a, b) => a.name.localeCompare(b.name, 'id')),
      };
    },
  );
  const count = (evidence: PresentPerson['evidence']): number =>
    inside.reduce((sum, each) => sum + (evidenceOf(each, now) === evidence ? 1 + each.others : 0), 0);
  return {
    at: iso(now),
    rooms: rooms.toSorted(
      (a, b) => a.site.localeCompare(b.site) || (a.name?.id ?? '~').localeCompare(b.name?.id ?? '~', 'id'),
    ),
    detected: count('detected'),
    assumed: count('assumed'),
    expired: count('expired'),
  };
}

/** A person as pages show it. Pure. */
export function personOf(inside: Inside, { model, ticket, now }: PresenceContext): PresentPerson {
  const shown = {
    evidence: evidenceOf(inside, now),
    sign: inside.sign,
    since: iso(inside.since),
    seenAt: iso(inside.seenAt),
    until: iso(inside.until),
    others: inside.others,
  };
  const held = ticketPersonOf(inside.holder);
  if (held === undefined) {
    const staff = inside.holder.slice('staff:'.length);
    const name = model.people?.persons.find(({ person }) => person === staff)?.name ?? staff;
    return { ...shown, name, kind: 'staff', unit: null, ticket: null, escort: null };
  }
  const { ticket: id, person } = held;
  const of = ticket(id);
  const kind = person === 'pic' ? 'pic' : of !== undefined && isThirdParty(of, person) ? 'third-party' : 'employee';
  return {
    ...shown,
    // A ticket of long ago is not kept in memory; its person is still inside.
    name: of === undefined ? id : nameOf(of, person),
    kind,
    unit: of?.unit ?? null,
    ticket: id,
    escort: of?.escort ?? null,
  };
} // prettier-ignore
