import { z } from 'zod';
import { ticketInput } from '../../server/contracts/tickets.ts';

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
    from: fieldTime(start), to: fieldTime(start + 2 * hour), superiorEmail: '',
  }; // prettier-ignore
}

/** Epoch ms → a field's WIB time. */
function fieldTime(at: number): string {
  return new Date(at + wibMs).toISOString().slice(0, 16);
}

/** A field's WIB time as an instant. */
export function instantOf(field: string): string {
  return `${field}:00+07:00`;
}

/** A draft becomes the request to send; its mistakes have the paths of the form's fields. */
export const draftSchema = z
  .custom<Draft>()
  .transform((draft): z.input<typeof ticketInput> => ({
    ...draft,
    from: instantOf(draft.from),
    to: instantOf(draft.to),
  }))
  .pipe(ticketInput);

/** The path of a server's finding (`body.persons[0].name`) as the form names the field (`persons.0.name`). */
export function fieldPath(path: string): string {
  return path.replace(/^body\.?/, '').replaceAll(/\[(\d+)\]/g, '.$1');
}
