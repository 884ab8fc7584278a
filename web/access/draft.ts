import { z } from 'zod';
import type { AccessFieldView } from '../../server/contracts/sites.ts';
import { permitWork, ticketInput, type TicketInput } from '../../server/contracts/tickets.ts';

/** A ticket as it is typed: times are WIB, as the fields hold them (`2026-11-23T09:00`). */
const draftFields = z.object({
  site: z.string(),
  rooms: z.array(z.string()),
  unit: z.string(),
  pic: z.string(),
  accompanied: z.boolean(),
  persons: z.array(
    z.object({ name: z.string(), identity: z.string(), party: z.enum(['employee', 'third-party']) }),
  ),
  activity: z.string(),
  from: z.string(),
  to: z.string(),
  superiorEmail: z.string(),
  picEmail: z.string().default(''),
  /** Of the site, by key; as typed. */
  fields: z.record(z.string(), z.string()).default({}),
  takesOut: z.array(z.string()).default([]),
  suppresses: z.enum(['', ...permitWork.options]).default(''),
});
export type Draft = z.infer<typeof draftFields>;

/** What was typed before the page was left; undefined when there is nothing, or nothing that this form still has. */
export function keptDraft(text: string): Draft | undefined {
  try {
    return draftFields.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export const emptyPerson: Draft['persons'][number] = { name: '', identity: '', party: 'employee' };

const wibMs = 7 * 3_600_000;

export function newDraft(site: string, now: number): Draft {
  const hour = 3_600_000;
  const start = Math.ceil(now / hour) * hour;
  return {
    site, rooms: [], unit: '', pic: '', accompanied: true, persons: [emptyPerson], activity: '',
    from: fieldTime(start), to: fieldTime(start + 2 * hour), superiorEmail: '', picEmail: '', fields: {}, takesOut: [], suppresses: '',
  }; // prettier-ignore
}

/** Epoch ms → a field's WIB time. */
export function fieldTime(at: number): string {
  return new Date(at + wibMs).toISOString().slice(0, 16);
}

/** A field's WIB time as an instant. */
export function instantOf(field: string): string {
  return `${field}:00+07:00`;
}

/** A draft becomes the request to send; its mistakes have the paths of the form's fields. */
export const draftSchema = z
  .custom<Draft>()
  .transform(({ picEmail, fields, takesOut, suppresses, ...draft }): z.input<typeof ticketInput> => ({
    ...draft,
    ...(picEmail.trim() === '' ? {} : { picEmail: picEmail.trim() }),
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim() !== '')),
    from: instantOf(draft.from),
    to: instantOf(draft.to),
    ...(takesOut.length === 0 ? {} : { takesOut }),
    ...(suppresses === '' ? {} : { suppresses }),
  }))
  .pipe(ticketInput);

/** The path of a server's finding (`body.persons[0].name`) as the form names the field (`persons.0.name`). */
export function fieldPath(path: string): string {
  return path.replace(/^body\.?(first\.)?/, '').replaceAll(/\[(\d+)\]/g, '.$1');
}

/** What was typed into the site's fields as the site expects it: a number where it asks for one. */
export function typedFields(
  given: TicketInput['fields'],
  fields: readonly AccessFieldView[],
): TicketInput['fields'] {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]): [string, string | number][] => {
      const field = fields.find((each) => each.key === key);
      // Of a site that was chosen before.
      if (field === undefined) return [];
      const number = Number(String(value).replace(',', '.'));
      return [[key, field.kind === 'number' && !Number.isNaN(number) ? number : value]];
    }),
  );
}
