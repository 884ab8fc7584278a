import type { People } from '../../config/schema/people.ts';

/** Somebody whom an incident can be given to. */
export interface Assignee {
  readonly id: string;
  readonly name: string;
}

/** The persons of people.yaml, then the users who are none of them. */
export function assignees(
  persons: readonly Pick<People['persons'][number], 'person' | 'name' | 'user'>[],
  users: readonly string[],
): Assignee[] {
  const known = new Set(persons.flatMap(({ person, user }) => [person, user ?? person]));
  return [
    ...persons.map(({ person, name }) => ({ id: person, name })),
    ...users.filter((user) => !known.has(user)).map((user) => ({ id: user, name: user })),
  ];
}
