import { z } from 'zod';
import { ticketView } from '../../contracts/tickets.ts';
import type { TicketTable } from '../../db/schema/tickets.ts';
import { sameName } from '../judgement/tickets.ts';

/** One natural person, by what tickets know of him or her. */
export interface Subject {
  readonly identity?: string | undefined;
  readonly email?: string | undefined;
}

/** What a ticket or the template of a series holds of people. */
export interface PeopleOf {
  readonly pic: string;
  readonly picEmail: string | null;
  readonly superiorEmail: string;
  readonly persons: readonly z.infer<typeof ticketView.shape.persons.element>[];
}

/** As whom the subject stands on a ticket. */
export interface Place {
  /** Places in the list of persons. */
  readonly persons: readonly number[];
  readonly isPic: boolean;
  readonly isSuperior: boolean;
}

/** Stands for a name or number that was erased; no input accepts it as an identity. */
export const erasedText = '•••';

/** An identity, however it is spaced. */
export function sameIdentity(identity: string): string {
  return identity.normalize('NFKC').replaceAll(/[\s.-]+/g, '').toUpperCase(); // prettier-ignore
}

const sameEmail = (email: string): string => email.trim().toLowerCase();

/** Undefined when the subject is not on it. A PIC has a name and no number: the PIC is the subject when the subject's own entry has that name. */
export function placeOf(subject: Subject, people: PeopleOf): Place | undefined {
  const identity = subject.identity === undefined ? undefined : sameIdentity(subject.identity);
  const email = subject.email === undefined ? undefined : sameEmail(subject.email);
  const isNumbered = (index: number): boolean =>
    identity !== undefined && sameIdentity(people.persons[index]?.identity ?? '') === identity;
  const byEmail = email !== undefined && people.picEmail !== null && sameEmail(people.picEmail) === email;
  const isPicByName = people.persons.some(
    ({ name }, index) => isNumbered(index) && sameName(name) === sameName(people.pic),
  );
  const isPic = byEmail || isPicByName;
  const persons = people.persons.flatMap(({ name }, index) =>
    // Without a number to tell two of the same name apart, the PIC's address speaks for the PIC's name.
    isNumbered(index) || (identity === undefined && byEmail && sameName(name) === sameName(people.pic))
      ? [index]
      : [],
  );
  const isSuperior = email !== undefined && sameEmail(people.superiorEmail) === email;
  return persons.length > 0 || isPic || isSuperior ? { persons, isPic, isSuperior } : undefined;
}

export function peopleOf(
  ticket: Pick<TicketTable, 'pic' | 'pic_email' | 'superior_email' | 'persons'>,
): PeopleOf {
  return {
    pic: ticket.pic,
    picEmail: ticket.pic_email,
    superiorEmail: ticket.superior_email,
    persons: ticketView.shape.persons.parse(JSON.parse(ticket.persons)),
  };
}

type PersonalColumns = Pick<TicketTable, 'pic' | 'pic_email' | 'superior_email' | 'persons' | 'fields'>;

/**
 * The personal columns of a ticket without the subject. Others on it keep theirs; what the site asks beside the catalogue belongs to the
 * ticket as a whole and goes with the last person of it.
 */
export function withoutSubject(ticket: PersonalColumns, place: Place): Partial<PersonalColumns> {
  const persons = peopleOf(ticket).persons.map((person, index) =>
    place.persons.includes(index) ? { ...person, name: erasedText, identity: erasedText } : person,
  );
  const isLast = persons.every(({ identity }) => identity === erasedText);
  return {
    ...(place.persons.length === 0 ? {} : { persons: JSON.stringify(persons) }),
    ...(place.isPic ? { pic: erasedText, pic_email: null } : {}),
    ...(place.isSuperior ? { superior_email: '' } : {}),
    ...(isLast && ticket.fields !== '{}' ? { fields: '{}' } : {}),
  };
}

/** Names that the subject goes by on a ticket. */
export function namesOf(people: PeopleOf, place: Place): string[] {
  const names = place.persons.flatMap((index) => people.persons[index]?.name ?? []);
  return [...new Set(place.isPic ? [...names, people.pic] : names)].filter((name) => name !== erasedText);
}

/** Keys of `credential.person` that are the subject's. */
export function credentialKeysOf(place: Place): string[] {
  return [...place.persons.map(String), ...(place.isPic ? ['pic'] : [])];
}
