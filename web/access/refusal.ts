import type { TFunction } from 'i18next';
import type { TicketFindingCode, TicketRefusalCode } from '../../server/contracts/tickets.ts';
import { ApiError } from '../api/client.ts';

/** Keys of the texts that explain a finding of the server, in `access.finding`. */
const findings: Readonly<Record<TicketFindingCode, string>> = {
  'unknown-site': 'site',
  'no-service': 'noService',
  'unknown-room': 'room',
  'foreign-room': 'foreignRoom',
  'rooms-required': 'roomsRequired',
  unaccompanied: 'unaccompanied',
  'hidden-character': 'hidden',
  'person-twice': 'personTwice',
  'masked-identity': 'masked',
  'no-identity': 'noIdentity',
  'unknown-field': 'unknownField',
  'field-required': 'fieldRequired',
  'field-number': 'fieldNumber',
  'field-choice': 'fieldChoice',
  'reference-taken': 'referenceTaken',
  'unknown-device': 'unknownDevice',
};

/** The same of an action; where devices, racks or cards are named, the server's words follow as `why`. */
const refusals: Readonly<Partial<Record<TicketRefusalCode, string>>> = {
  'wrong-state': 'state',
  'window-over': 'windowOver',
  'too-early': 'tooEarly',
  'too-late-to-reopen': 'tooLate',
  unaccompanied: 'unaccompanied',
  'changed-meanwhile': 'meanwhile',
  'supply-at-risk': 'supply',
  card: 'card',
};

/** What is wrong at a place, in the reader's language; undefined for what only the server has words for. */
export function findingText(code: string | undefined, t: TFunction): string | undefined {
  const key = Object.entries(findings).find(([known]) => known === code)?.[1];
  return key === undefined ? undefined : t(`accessFinding.${key}`);
}

/** A refusal by its code, with the server's words where they name things. */
export function refusalOf({ code, message }: { code: string; message: string }, t: TFunction): string {
  const key = Object.entries(refusals).find(([known]) => known === code)?.[1];
  return t(`accessRefusal.${key ?? 'other'}`, { why: message });
}

/** Why something was not done, as a sentence in the reader's language. */
export function refusalText(error: Error, t: TFunction): string {
  if (!(error instanceof ApiError)) return t('accessRefusal.unexpected');
  if (error.status === 0) return t('accessRefusal.unreachable');
  if (error.status === 403) return t('accessRefusal.forbidden');
  if (error.status === 413) return t('accessRefusal.tooLarge');
  if (error.status >= 500) return t('accessRefusal.server');
  const code = error.problem?.code;
  if (code !== undefined && code in refusals) return refusalOf({ code, message: error.message }, t);
  const found = error.problem?.errors?.flatMap((each) => findingText(each.code, t) ?? []) ?? [];
  return found.length > 0 ? [...new Set(found)].join(' ') : t('accessRefusal.other', { why: error.message });
}
