import type { Logger } from 'pino';
import type { PeopleModel } from '../../config/build/people.ts';
import { personNames } from '../../config/lookup.ts';
import type { Clock } from '../../core/clock.ts';
import { repeat } from '../../core/repeat.ts';
import { handoverContent as contentSchema, type HandoverContent } from '../contracts/handover.ts';
import { handoverContent, type ContentSources } from './handover-content.ts';
import { type HandoverRepository, type HandoverRow } from './handover-repository.ts';
import { shiftsBetween, type Shift } from './shift.ts';
import { dayMs } from '../../core/wib.ts';

/** A signature is due when the shift ends, and late after this. It may be given as much earlier. */
export const handoverGraceMs = 30 * 60_000;
/** Shifts that passed while the product did not run have a handover as well, so that the gap is seen. */
const catchUpMs = 7 * dayMs;
const watchEveryMs = 15_000;

/** The handover is not in a state that allows this; the message says why. */
export class HandoverRefused extends Error {
  override readonly name = 'HandoverRefused';
}

/** Who signs cannot be told. */
export class SignerUnknown extends Error {
  override readonly name = 'SignerUnknown';
}

export interface Handover {
  readonly row: HandoverRow;
  /** As it is now; as it was signed, once the outgoing shift has. */
  readonly content: HandoverContent;
  /** The shift that takes over. */
  readonly next: Shift | undefined;
}

interface Signing {
  /** Of people.yaml; absent: the one who is signed in. */
  readonly person: string | undefined;
  /** The name signed in with. */
  readonly user: string;
}

/** Each shift has a handover from its beginning. Its note is the outgoing shift's until it signs; then nothing of it changes any more. */
export interface HandoverService {
  list(filter: {
    readonly before?: number | undefined;
    readonly limit: number;
  }): Promise<Omit<Handover, 'content'>[]>;
  /** `current`: of the shift that is on now. */
  get(id: string): Promise<Handover | undefined>;
  /** These reject with HandoverRefused or SignerUnknown; undefined: there is no such handover. */
  note(id: string, text: string): Promise<Handover | undefined>;
  signOut(id: string, by: Signing): Promise<Handover | undefined>;
  signIn(id: string, by: Signing & { readonly remark: string | null }): Promise<Handover | undefined>;
  /** How many should be signed by now and are not. */
  late(): Promise<number>;
  close(): Promise<void>;
}

export function openHandovers(options: {
  readonly people: PeopleModel | undefined;
  readonly repository: HandoverRepository;
  readonly sources: Omit<ContentSources, 'repository'>;
  readonly newId: (at: number) => string;
  readonly clock: Clock;
  readonly log: Logger;
}): HandoverService {
  const { people, repository, clock, log, newId } = options;
  const sources = { ...options.sources, repository };
  const shifts = people?.shifts;
  const persons = people?.persons ?? [];
  const nameOf = personNames(people);
  /** The beginning of the latest shift that has a row. */
  let known = -Infinity;

  function rowOf({ shift, name, teamName, members, from, to }: Shift): HandoverRow {
    const named = members.map((person) => ({ person, name: nameOf(person) }));
    return {
      id: newId(from), shift, name_id: name.id, name_en: name.en, team: teamName, members: JSON.stringify(named), from_at: from, to_at: to,
      note: '', content: null, out_person: null, out_user: null, out_at: null, in_person: null, in_user: null, in_at: null, in_remark: null,
    }; // prettier-ignore
  }

  /** The shift of now, and those since the latest one. */
  async function begin(): Promise<void> {
    const now = clock.now();
    if (shifts === undefined) return;
    const current = shiftsBetween(shifts, now, now + 1)[0];
    if (current === undefined || current.from <= known) return;
    const latest = await repository.latest();
    const since = latest === undefined ? now : Math.max(latest.to_at, now - catchUpMs);
    for (const shift of shiftsBetween(shifts, Math.min(since, now), now + 1))
      if (latest === undefined || shift.from >= latest.to_at) await repository.begin(rowOf(shift));
    known = current.from;
  }

  async function find(id: string): Promise<HandoverRow | undefined> {
    if (id !== 'current') return repository.find(id);
    await begin();
    const latest = await repository.latest();
    return latest !== undefined && latest.to_at > clock.now() ? latest : undefined;
  }

  function nextOf({ to_at: to }: HandoverRow): Shift | undefined {
    return shifts === undefined ? undefined : shiftsBetween(shifts, to, to + 1)[0];
  }

  async function contentOf(row: HandoverRow): Promise<HandoverContent> {
    if (row.content !== null) return contentSchema.parse(JSON.parse(row.content));
    const before = await repository.before(row.from_at);
    // What happened after the shift before had signed, and before this one began, is in no other note.
    const signed = before?.out_at ?? null;
    const since = signed !== null && before?.to_at === row.from_at ? Math.min(row.from_at, signed) : row.from_at;
    return handoverContent(sources, { since, now: clock.now(), until: nextOf(row)?.to ?? row.to_at });
  } // prettier-ignore

  async function view(row: HandoverRow | undefined): Promise<Handover | undefined> {
    return row === undefined ? undefined : { row, content: await contentOf(row), next: nextOf(row) };
  }

  /** A person signs under the own name; an account that several people use says who it is. */
  function signer({ person, user }: Signing): string {
    const own = persons.find((each) => (each.user ?? each.person) === user)?.person;
    if (person === undefined && own === undefined)
      throw new SignerUnknown(
        `the account "${user}" is no person of people.yaml: choose who signs, or set "user" there`,
      );
    if (person !== undefined && !persons.some((each) => each.person === person))
      throw new SignerUnknown(`there is no person "${person}" in people.yaml`);
    if (own !== undefined && person !== undefined && person !== own)
      throw new SignerUnknown(`you are signed in as "${own}" and cannot sign for "${person}"`);
    return person ?? own ?? user;
  }

  const watching = repeat(clock, { everyMs: watchEveryMs, firstAfterMs: 0 }, () =>
    begin().catch((error: unknown) => log.error({ err: error }, 'the handover of the shift cannot be opened')),
  );
  return {
    list: async (filter) => (await repository.list(filter)).map((row) => ({ row, next: nextOf(row) })),
    get: async (id) => view(await find(id)),
    async note(id, text) {
      const row = await find(id);
      if (row === undefined) return undefined;
      if (!(await repository.note(row.id, text))) throw new HandoverRefused('the outgoing shift has signed: the note is fixed');
      return view(await repository.find(row.id));
    },
    async signOut(id, by) {
      const row = await find(id);
      if (row === undefined) return undefined;
      const now = clock.now();
      const person = signer(by);
      if (row.out_at !== null) throw new HandoverRefused('the outgoing shift has signed already');
      if (now < row.to_at - handoverGraceMs) throw new HandoverRefused('the shift is not over: it is signed in its last half hour at the earliest');
      const content = JSON.stringify(await contentOf(row));
      if (!(await repository.signOut(row.id, { content, out_person: person, out_user: by.user, out_at: now })))
        throw new HandoverRefused('the outgoing shift has signed already');
      return view(await repository.find(row.id));
    },
    async signIn(id, { remark, ...by }) {
      const row = await find(id);
      if (row === undefined) return undefined;
      const person = signer(by);
      if (row.out_at === null) throw new HandoverRefused('the outgoing shift has not signed yet');
      if (row.in_at !== null) throw new HandoverRefused('the incoming shift has signed already');
      if (person === row.out_person) throw new HandoverRefused('who hands over cannot take over too');
      const signature = { in_person: person, in_user: by.user, in_at: clock.now(), in_remark: remark };
      if (!(await repository.signIn(row.id, signature))) throw new HandoverRefused('the incoming shift has signed already');
      return view(await repository.find(row.id));
    },
    late: () => repository.unsigned(clock.now() - handoverGraceMs),
    close: () => watching.close(),
  };
} // prettier-ignore
