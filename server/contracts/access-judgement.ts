import { z } from 'zod';
import { accessFindings, type AccessFindingKind } from '../../config/schema/findings.ts';
import { instant } from './common.ts';
import { cardNumber } from './tickets.ts';

const isKind = (text: string): text is AccessFindingKind => Object.hasOwn(accessFindings, text);

export const accessFindingKind = z.enum(Object.keys(accessFindings).filter(isKind));
export const accessFindingState = z.enum(['live', 'ended', 'recorded']);

/** What was found wrong about who enters. Persons are referred to by ticket and place, never by name. */
export const accessFindingView = z.object({
  id: z.string(),
  kind: accessFindingKind,
  clause: z.string(),
  at: instant,
  foundAt: instant,
  site: z.string(),
  room: z.string().nullable(),
  /** `site/device/part`. */
  door: z.string().nullable(),
  ticket: z.string().nullable(),
  /** `staff:PERSON` or `ticket:ID#PLACE`, where a credential says so. */
  person: z.string().nullable(),
  /** Field events that show it. */
  events: z.array(z.string()),
  /** `recorded`: it was found too late to be an alarm. */
  state: accessFindingState,
  endedAt: instant.nullable(),
});
export type AccessFindingView = z.infer<typeof accessFindingView>;

export const revokedCardInput = z.strictObject({
  card: cardNumber,
  reason: z.string().trim().min(1).max(500),
});
export const revokedCardView = z.object({
  id: z.string(),
  card: z.string(),
  reason: z.string(),
  at: instant,
  actor: z.string(),
  endedAt: instant.nullable(),
  endedBy: z.string().nullable(),
});
export const ticketCardView = z.object({
  card: z.string(),
  /** The place in the list of persons. */
  person: z.union([z.int(), z.literal('pic')]),
  givenAt: instant,
  givenBy: z.string(),
  returnedAt: instant.nullable(),
});
