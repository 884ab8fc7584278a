import type { AccessEvent, AccessKind } from '../../../../core/access-event.ts';
import type { Assignment } from '../../../../server/access/judgement/holders.ts';
import type { JudgedTicket } from '../../../../server/access/judgement/tickets.ts';

/** A day of three sites: 40 tickets, 300 events, and each kind of violation once. */

const minute = 60_000;
/** Monday 08:00 WIB. */
export const morning = Date.UTC(2026, 10, 23, 1);
export const evening = morning + 12 * 60 * minute;
/** Past the mantrap nobody is inside any more. */
const wayOut = 'door-mantrap/door-1';
const sites = ['dc', 'smart-dc', 'drc'] as const;

export interface Day {
  readonly tickets: readonly JudgedTicket[];
  readonly assignments: readonly Assignment[];
  readonly events: readonly AccessEvent[];
  /** `kind ticket` of what is wrong; `-` where no ticket is involved. */
  readonly wrong: readonly string[];
}

/** Of the staff, and always on duty. */
export const guard = { person: 'fajar', name: 'Fajar Nugroho', cards: ['9001'] };
/** Of the staff, and not on duty on that day. */
export const offDuty = { person: 'maya', name: 'Maya Puspita', cards: ['9002'] };
export const revokedCard = '6666';

interface Pass {
  readonly direction?: 'in' | 'out';
  readonly door?: string;
  readonly card?: string;
  readonly person?: string;
}

export function violatingDay(): Day {
  const tickets: JudgedTicket[] = [];
  const assignments: Assignment[] = [];
  const events: AccessEvent[] = [];
  const wrong: string[] = [];

  function happened(kind: AccessKind, site: string, at: number, what: Pass = {}): AccessEvent {
    const [device = '', part = ''] = (what.door ?? 'door-hall-1/door-1').split('/');
    const source = `${site}/${device}`;
    const event: AccessEvent = {
      id: `${source}/${events.length}`, source, at, kind, part,
      door: undefined, card: what.card, person: what.person, method: 'card', direction: what.direction,
      reason: undefined, controller: undefined, number: events.length, clockOffsetMs: 0, missed: undefined,
    }; // prettier-ignore
    events.push(event);
    return event;
  }

  /** A grant and the door that opens on it. */
  function passes(site: string, at: number, what: Pass): void {
    happened('access-granted', site, at, what);
    happened('door-opened', site, at + 2_000, { door: what.door ?? 'door-hall-1/door-1' });
  }

  /** Two hours, the PIC and a third party, each with a card of the desk. */
  function ticket(change: Partial<JudgedTicket> = {}): JudgedTicket {
    const place = tickets.length;
    const from = morning + (place % 10) * 30 * minute;
    const made: JudgedTicket = {
      id: `t-${place}`, site: sites[place % 3] ?? 'dc', rooms: ['hall-1'], unit: `Biro ${place}`, pic: `Ana ${place}`,
      accompanied: true,
      persons: [{ name: `Ana ${place}`, party: 'employee' }, { name: `Budi ${place}`, party: 'third-party' }],
      escort: null, from, to: from + 120 * minute, state: 'checked-in', checkedInAt: from, fulfilledAt: null, enteredAt: null,
      ...change,
    }; // prettier-ignore
    tickets.push(made);
    for (const person of made.persons.keys())
      assignments.push({ card: cardOf(made, person), ticket: made.id, person, from: made.from, to: null });
    return made;
  }
  const cardOf = ({ id }: JudgedTicket, person: number): string => `${id}-${person}`;
  const enters = (of: JudgedTicket, person: number, at: number, more: Pass = {}): void =>
    passes(of.site, at, { card: cardOf(of, person), direction: 'in', ...more });
  const leaves = (of: JudgedTicket, person: number, at: number, more: Pass = {}): void =>
    passes(of.site, at, { card: cardOf(of, person), direction: 'out', door: wayOut, ...more });
  function visit(of: JudgedTicket): void {
    enters(of, 0, of.from + 5 * minute);
    enters(of, 1, of.from + 6 * minute);
    leaves(of, 1, of.to - 9 * minute);
    leaves(of, 0, of.to - 8 * minute);
  }

  // Wrong: one of each kind.
  passes('dc', morning + 31 * minute, { card: '9002', direction: 'in' });
  passes('dc', morning + 32 * minute, { card: '9002', direction: 'out' });
  wrong.push('no-ticket -');

  const late = ticket({ site: 'dc' });
  visit(late);
  enters(late, 0, late.to + 90 * minute);
  leaves(late, 0, late.to + 90 * minute + 20_000);
  wrong.push(`outside-window ${late.id}`);

  const astray = ticket({ site: 'smart-dc' });
  visit(astray);
  enters(astray, 0, astray.from + 20 * minute, { door: 'door-utility/door-1' });
  leaves(astray, 0, astray.from + 21 * minute, { door: 'door-utility/door-1' });
  enters(astray, 0, astray.from + 22 * minute);
  wrong.push(`wrong-room ${astray.id}`);

  const unchecked = ticket({ site: 'drc', state: 'scheduled', checkedInAt: null });
  assignments.splice(-2);
  passes('drc', unchecked.from + 5 * minute, { person: 'ANA  2', direction: 'in' });
  passes('drc', unchecked.from + 50 * minute, { person: 'Ana 2', direction: 'out', door: wayOut });
  wrong.push(`no-check-in ${unchecked.id}`);

  const alone = ticket({ site: 'dc' });
  enters(alone, 0, alone.from + 5 * minute);
  enters(alone, 1, alone.from + 6 * minute);
  leaves(alone, 0, alone.from + 30 * minute);
  leaves(alone, 1, alone.from + 40 * minute);
  wrong.push(`unaccompanied ${alone.id}`);

  const crowd = ticket({ site: 'drc', persons: [{ name: 'Cici', party: 'employee' }], pic: 'Cici' });
  enters(crowd, 0, crowd.from + 5 * minute);
  enters(crowd, 0, crowd.from + 6 * minute);
  leaves(crowd, 0, crowd.from + 50 * minute);
  leaves(crowd, 0, crowd.from + 51 * minute);
  wrong.push(`more-than-listed ${crowd.id}`);

  const overdue = ticket({ site: 'smart-dc', persons: [{ name: 'Dodi', party: 'employee' }], pic: 'Dodi' });
  enters(overdue, 0, overdue.from + 5 * minute);
  leaves(overdue, 0, overdue.to + 25 * minute);
  wrong.push(`over-stay ${overdue.id}`);

  const nobody = ticket({ site: 'dc', state: 'scheduled', checkedInAt: null });
  wrong.push(`no-entry ${nobody.id}`);

  passes('dc', morning + 200 * minute, { card: '9001', direction: 'in', door: 'door-hall-2/door-2' });
  happened('door-opened', 'dc', morning + 200 * minute + 7_000, { door: 'door-hall-2/door-2' });
  passes('dc', morning + 210 * minute, { card: '9001', direction: 'out', door: 'door-hall-2/door-2' });
  wrong.push('tailgating -');

  for (let turn = 0; turn < 3; turn += 1)
    happened('access-denied', 'drc', morning + (90 + turn) * minute, { card: '404', direction: 'in' });
  wrong.push('unknown-credential -');

  for (let turn = 0; turn < 2; turn += 1)
    happened('access-denied', 'smart-dc', morning + (95 + turn) * minute, {
      card: revokedCard,
      direction: 'in',
      door: `door-hall-1/door-${turn + 2}`,
    });
  wrong.push('revoked-credential -');

  happened('duress', 'dc', morning + 300 * minute, { card: '9001' });
  wrong.push('duress -');

  happened('door-forced', 'drc', morning + 310 * minute);
  wrong.push('door-forced -');
  happened('door-held', 'smart-dc', morning + 311 * minute);
  wrong.push('door-held -');
  happened('tamper', 'dc', morning + 312 * minute, { door: 'door-hall-1/' });
  wrong.push('tamper -');

  // Somebody keeps the outer door of the mantrap while the inner one opens; before, one falls shut as the other opens.
  for (const [inner, outerShut] of [[200, 3], [215, 20]] as const) {
    const begin = morning + (inner + 120) * minute;
    passes('drc', begin - 4_000, { card: '9001', direction: 'in', door: 'door-mantrap/door-1' });
    passes('drc', begin, { card: '9001', direction: 'in', door: 'door-mantrap/door-2' });
    happened('door-closed', 'drc', begin + outerShut * 1_000, { door: 'door-mantrap/door-1' });
    happened('door-closed', 'drc', begin + 25_000, { door: 'door-mantrap/door-2' });
  }
  wrong.push('mantrap-open -');

  // Nothing wrong: a third party alone in the DRC, a refused card once or twice, a PIC who comes a minute later.
  const allowed = ticket({ site: 'drc', accompanied: false });
  enters(allowed, 1, allowed.from + 5 * minute);
  leaves(allowed, 1, allowed.to - 5 * minute);
  for (let turn = 0; turn < 2; turn += 1)
    happened('access-denied', 'dc', morning + (150 + turn) * minute, { card: '405', direction: 'in' });
  const behind = ticket({ site: 'smart-dc' });
  enters(behind, 1, behind.from + 5 * minute);
  enters(behind, 0, behind.from + 6 * minute);
  leaves(behind, 1, behind.from + 60 * minute);
  leaves(behind, 0, behind.from + 61 * minute);

  for (let count = 0; count < 23; count += 1) visit(ticket());
  // Visits that have not begun by the end of the day, and their rounds by the guard.
  while (tickets.length < 40) ticket({ from: evening + 60 * minute, to: evening + 120 * minute, state: 'approved', checkedInAt: null });
  for (let turn = 0; events.length < 300; turn += 1)
    if (events.length === 299) happened('exit-button', 'drc', evening - 2 * minute, { door: 'door-hall-2/door-1' });
    else
      passes('drc', morning + (300 + 2 * turn) * minute, {
        card: '9001',
        direction: turn % 2 === 0 ? 'in' : 'out',
        door: 'door-hall-2/door-1',
      });
  return { tickets, assignments, events: events.toSorted((a, b) => a.at - b.at), wrong };
} // prettier-ignore
