/**
 * What is found wrong about who enters, and the point that counts the live ones, of a room and of the site where it has no place. Rules judge
 * these points (`library/rules/access.yaml`).
 */
export const accessFindings = {
  'no-ticket': { quantity: 'entries-without-ticket', ofRooms: true },
  'outside-window': { quantity: 'entries-outside-window', ofRooms: true },
  'wrong-room': { quantity: 'entries-to-wrong-room', ofRooms: true },
  'no-check-in': { quantity: 'entries-without-check-in', ofRooms: true },
  unaccompanied: { quantity: 'third-parties-unaccompanied', ofRooms: true },
  'more-than-listed': { quantity: 'persons-not-listed', ofRooms: true },
  'over-stay': { quantity: 'persons-over-stay', ofRooms: true },
  tailgating: { quantity: 'passages-without-grant', ofRooms: true },
  'revoked-credential': { quantity: 'revoked-credentials-used', ofRooms: true },
  'unknown-credential': { quantity: 'unknown-credentials-used', ofRooms: true },
  duress: { quantity: 'duress-signals', ofRooms: true },
  'door-forced': { quantity: 'doors-forced', ofRooms: true },
  'door-held': { quantity: 'doors-held', ofRooms: true },
  tamper: { quantity: 'controllers-tampered', ofRooms: true },
  'mantrap-open': { quantity: 'mantraps-open', ofRooms: true },
  'no-entry': { quantity: 'tickets-without-entry', ofRooms: false },
} as const;
export type AccessFindingKind = keyof typeof accessFindings;

export const accessFindingPoints = Object.values(accessFindings);
