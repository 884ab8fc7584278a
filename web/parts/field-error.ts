/** Fields with their own message; for the others the kind of mistake is enough. */
const ofField: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  rooms: { server: 'form.rooms' },
  accompanied: { server: 'form.escort' },
  from: { invalid_format: 'form.time' },
  to: { invalid_format: 'form.time', custom: 'form.order', server: 'form.order' },
  picEmail: { invalid_format: 'form.email' },
  superiorEmail: { too_small: 'form.email', invalid_format: 'form.email' },
};
const ofCode: Readonly<Record<string, string>> = {
  too_small: 'form.required',
  too_big: 'form.tooLong',
  // Findings of the server about an access ticket.
  'rooms-required': 'form.rooms',
  unaccompanied: 'form.escort',
  'unknown-room': 'form.room',
  'foreign-room': 'form.foreignRoom',
  'hidden-character': 'form.hidden',
  'person-twice': 'form.personTwice',
  'masked-identity': 'form.masked',
  'no-identity': 'form.noIdentity',
  'field-required': 'form.required',
  'field-number': 'form.number',
  'field-choice': 'form.choice',
};

/** The key of the text that explains what to correct. Messages of zod and of the API are English and for programs. */
export function mistakeKey(path: string, code: string): string {
  return ofField[path]?.[code] ?? ofCode[code] ?? 'form.invalid';
}
