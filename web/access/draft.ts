import { z } from 'zod';
import { ticketInput } from '../../server/contracts/tickets.ts';

/** A ticket as it is typed: times are WIB, as the fields hold them (`2026-11-23T09:00`). */
export interface Draft {
  site: string;
  rooms: string[];
  unit: string;
  pic: string;
  accompanied: boolean;
  persons: { name: string; identity: string; party: 'employee' | 'third-party' }[];
  activity: string;
  from: string;
  to: string;
  superiorEmail: string;
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
