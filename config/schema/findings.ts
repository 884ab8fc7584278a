/**
 * What is found wrong about who enters, and the point that counts the live ones: of a room, or of the site for what has no place. Rules
 * judge these points (`library/rules/access.yaml`).
 */
export const accessFindings = {
  'no-ticket': { quantity: 'entries-without-ticket', of: 'room' },
  'outside-window': { quantity: 'entries-outside-window', of: 'room' },
  'wrong-room': { quantity: 'entries-to-wrong-room', of: 'room' },
  'no-check-in': { quantity: 'entries-without-check-in', of: 'room' },
  unaccompanied: { quantity: 'third-parties-unaccompanied', of: 'room' },
  'more-than-listed': { quantity: 'persons-not-listed', of: 'room' },
  'over-stay': { quantity: 'persons-over-stay', of: 'room' },
  tailgating: { quantity: 'passages-without-grant', of: 'room' },
  'revoked-credential': { quantity: 'revoked-credentials-used', of: 'room' },
  'unknown-credential': { quantity: 'unknown-credentials-used', of: 'room' },
  duress: { quantity: 'duress-signals', of: 'room' },
  'no-entry': { quantity: 'tickets-without-entry', of: 'site' },
} as const;
export type AccessFindingKind = keyof typeof accessFindings;

export const accessFindingPoints = Object.values(accessFindings);
