import { ticketInput, type TicketInput } from '../../server/contracts/tickets.ts';

/** A ticket as it is typed: times are WIB, as the fields hold them (`2026-11-23T09:00`). */
export interface Draft {
  readonly site: string;
  readonly rooms: readonly string[];
  readonly unit: string;
  readonly pic: string;
  readonly accompanied: boolean;
  readonly persons: readonly {
    /** Tells the rows of the form apart; not sent. */
    readonly key: number;
    readonly name: string;
    readonly identity: string;
    readonly party: 'employee' | 'third-party';
  }[];
  readonly activity: string;
  readonly from: string;
  readonly to: string;
  readonly superiorEmail: string;
}

/** Field (`persons.0.name`) → what is wrong with it. */
export type FieldErrors = Readonly<Record<string, string>>;

/** The list with one more, empty. */
export function withPerson(persons: Draft['persons']): Draft['persons'] {
  const key = Math.max(0, ...persons.map((person) => person.key)) + 1;
  return [...persons, { key, name: '', identity: '', party: 'employee' }];
}

const wibMs = 7 * 3_600_000;

export function newDraft(site: string, now: number): Draft {
  const hour = 3_600_000;
  const start = Math.ceil(now / hour) * hour;
  return {
    site, rooms: [], unit: '', pic: '', accompanied: true, persons: withPerson([]), activity: '',
    from: fieldTime(start), to: fieldTime(start + 2 * hour), superiorEmail: '',
  }; // prettier-ignore
}

/** Epoch ms → a field's WIB time. */
function fieldTime(at: number): string {
  return new Date(at + wibMs).toISOString().slice(0, 16);
}

/** The request to send, or what is wrong field by field. */
export function check(draft: Draft): { input: TicketInput } | { errors: FieldErrors } {
  const parsed = ticketInput.safeParse({
    ...draft,
    persons: draft.persons.map(({ name, identity, party }) => ({ name, identity, party })),
    from: `${draft.from}:00+07:00`,
    to: `${draft.to}:00+07:00`,
  });
  if (parsed.success) return { input: parsed.data };
  return {
    errors: Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message])),
  };
}

/** The server's paths (`body.persons[0].name`) as the form's. */
export function fieldErrors(errors: readonly { path: string; message: string }[]): FieldErrors {
  return Object.fromEntries(
    errors.map(({ path, message }) => [
      path.replace(/^body\.?/, '').replaceAll(/\[(\d+)\]/g, '.$1'),
      message,
    ]),
  );
}
