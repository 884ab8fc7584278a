import type { Person } from '../auth/identity.ts';
import { holds } from '../auth/identity.ts';
import type { PersonEntry, Right } from '../../config/schema/people.ts';

/** What an admin may do, and a person to whom people.yaml gives the right. */
export function rightsOf(
  persons: readonly Pick<PersonEntry, 'person' | 'user' | 'rights'>[],
  { name, role }: Pick<Person, 'name' | 'role'>,
  all: readonly Right[],
): Right[] {
  if (holds(role, 'admin')) return [...all];
  const own = persons.filter(({ person, user }) => (user ?? person) === name);
  return all.filter((right) => own.some(({ rights }) => rights?.includes(right) === true));
}
