import { siteIds } from '../../config/lookup.ts';
import type { AccessField } from '../../config/schema/site.ts';
import { unknownName } from '../../core/names.ts';
import type { Model } from '../../config/model.ts';
import type { TicketFields, TicketFindingCode, TicketInput, TicketView } from '../contracts/tickets.ts';
import { isMasked } from './identities.ts';
import type { Refusal } from './life.ts';

/** `path`: place in the request, as in `body.rooms[0]`. */
export interface Finding {
  readonly path: string;
  readonly message: string;
  readonly code: TicketFindingCode;
}

/**
 * What ITSM.3 and the site ask of a request beyond its form: known places, rooms where the site wants them named, third parties
 * accompanied, nobody twice, the site's own fields. All findings at once; none: the number of the sub-service.
 */
export function judgeRequest(
  model: Model,
  ticket: TicketInput,
): { readonly service: string } | { readonly findings: Finding[] } {
  const { access } = model.standard;
  const site = model.sites.find(({ id }) => id === ticket.site);
  if (site === undefined)
    return {
      findings: [
        {
          path: 'body.site',
          code: 'unknown-site',
          message: unknownName('site', ticket.site, siteIds(model)),
        },
      ],
    };
  const service = access.services[ticket.site];
  if (service === undefined) {
    return {
      findings: [
        {
          path: 'body.site',
          code: 'no-service',
          message: `the standard names no access service for "${ticket.site}" (${access.clause})`,
        },
      ],
    };
  }
  const findings = [...roomFindings(model, ticket)];
  if (service.roomsRequired === true && ticket.rooms.length === 0) {
    findings.push({
      path: 'body.rooms',
      code: 'rooms-required',
      message: `name the rooms of the activity (service ${service.number})`,
    });
  }
  const devices = model.devices.filter((device) => device.site === ticket.site).map(({ id }) => id);
  for (const [index, device] of (ticket.takesOut ?? []).entries())
    if (!devices.includes(device))
      findings.push({
        path: `body.takesOut[${index}]`,
        code: 'unknown-device',
        message: unknownName(`device of ${ticket.site}`, device, devices),
      });
  if (ticket.suppresses !== undefined && ticket.rooms.length === 0)
    findings.push({
      path: 'body.rooms',
      code: 'rooms-required',
      message: 'name the rooms of the work: alarms are suppressed in them and nowhere else',
    });
  if (service.escortRequired && isUnaccompanied(ticket)) {
    findings.push({
      path: 'body.accompanied',
      code: 'unaccompanied',
      message: `third parties must be accompanied by the PIC (service ${service.number})`,
    });
  }
  findings.push(
    ...hiddenFindings(ticket),
    ...personFindings(ticket.persons),
    ...fieldFindings(site.accessFields ?? [], ticket.fields),
  );
  return findings.length > 0 ? { findings } : { service: service.number };
}

/** Third parties without the PIC are not approved where the standard wants them accompanied, however the request came in. */
export function approvalRefusal(
  model: Pick<Model, 'standard'>,
  ticket: Pick<TicketInput, 'site' | 'accompanied' | 'persons'>,
): Refusal | undefined {
  const service = model.standard.access.services[ticket.site];
  if (service?.escortRequired !== true || !isUnaccompanied(ticket)) return undefined;
  return {
    code: 'unaccompanied',
    message: `third parties must be accompanied by the PIC (service ${service.number}); reject it, and ask for one with the PIC`,
  };
}

function isUnaccompanied({ accompanied, persons }: Pick<TicketInput, 'accompanied' | 'persons'>): boolean {
  return !accompanied && persons.some(({ party }) => party === 'third-party');
}

function roomFindings(model: Model, { site, rooms }: TicketInput): Finding[] {
  const known = model.rooms.filter((room) => room.site === site).map(({ id }) => id);
  return rooms.flatMap((room, index): Finding[] => {
    if (known.includes(room)) return [];
    const path = `body.rooms[${index}]`;
    const elsewhere = model.rooms.filter(({ id }) => id === room).map((other) => other.site);
    if (elsewhere.length === 0)
      return [{ path, code: 'unknown-room', message: unknownName(`room of ${site}`, room, known) }];
    const message = `"${room}" is a room of ${elsewhere.join(' and ')}, not of ${site}; name a room of ${site}, or choose the other site`;
    return [{ path, code: 'foreign-room', message }];
  });
}

/** What turns the direction of the text that follows: with it a name on the muster list reads as another. */
const turning = /[\u202A-\u202E\u2066-\u2069]/u;
/** Control characters and spaces without width as well. Joiners stay: scripts and emoji need them. */
const hidden = /[\p{Cc}\u200B\u2060\uFEFF\u202A-\u202E\u2066-\u2069]/u;

/** Names in any script are welcome, right to left too; what cannot be seen in them is not. */
function hiddenFindings({ unit, pic, persons, activity }: TicketInput): Finding[] {
  const texts: [path: string, text: string, refused?: RegExp][] = [
    // It may have lines.
    ['body.activity', activity, turning],
    ['body.unit', unit],
    ['body.pic', pic],
    ...persons.flatMap(({ name, identity }, index): [string, string][] => [
      [`body.persons[${index}].name`, name],
      [`body.persons[${index}].identity`, identity],
    ]),
  ];
  return texts.flatMap(([path, text, refused = hidden]): Finding[] => {
    const found = refused.exec(text);
    if (found === null) return [];
    const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const message = `holds a character that nobody sees (U+${code} at place ${found.index + 1}); type the text again`;
    return [{ path, code: 'hidden-character', message }];
  });
}

/** The same document makes the same person, however it is spaced. */
function personFindings(persons: TicketView['persons']): Finding[] {
  const first = new Map<string, number>();
  return persons.flatMap(({ identity }, index): Finding[] => {
    const path = `body.persons[${index}].identity`;
    if (isMasked(identity))
      return [{ path, code: 'masked-identity', message: 'is masked; give the whole number of the document' }];
    const key = identity.toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
    if (key === '')
      return [
        {
          path,
          code: 'no-identity',
          message: 'holds neither letters nor digits; give the number of the document',
        },
      ];
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, index);
      return [];
    }
    const message = `is the identity of person ${before + 1} already; name everybody once`;
    return [{ path, code: 'person-twice', message }];
  });
}

function fieldFindings(fields: readonly AccessField[], given: TicketFields): Finding[] {
  const known = fields.map(({ key }) => key);
  const unknown = Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key): Finding => ({
      path: `body.fields.${key}`,
      code: 'unknown-field',
      message: unknownName('field of the site', key, known),
    }));
  return [...unknown, ...fields.flatMap((field) => fieldFinding(field, given[field.key]))];
}

function fieldFinding(field: AccessField, value: string | number | undefined): Finding[] {
  const path = `body.fields.${field.key}`;
  if (value === undefined || (typeof value === 'string' && value.trim() === ''))
    return field.required
      ? [{ path, code: 'field-required', message: `is missing; the site asks for "${field.label.en}"` }]
      : [];
  if (field.kind === 'number' && typeof value !== 'number')
    return [{ path, code: 'field-number', message: `is ${JSON.stringify(value)}; expected a number` }];
  const choices = (field.choices ?? []).map(({ choice }) => choice);
  if (field.kind === 'choice' && !choices.includes(String(value)))
    return [{ path, code: 'field-choice', message: unknownName('choice', String(value), choices) }];
  return [];
}
