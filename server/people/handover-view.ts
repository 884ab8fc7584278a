import { iso } from '../../core/time.ts';
import type { HandoverSummary, HandoverView, SignatureView } from '../contracts/handover.ts';
import { handoverGraceMs, type Handover } from './handover.ts';
import { membersOf, type HandoverRow } from './handover-repository.ts';

/** Handovers as clients see them (contracts/handover). */

interface Context {
  readonly now: number;
  readonly nameOf: (person: string) => string;
}

export function handoverSummaryView(
  { row, next }: Omit<Handover, 'content'>,
  { now, nameOf }: Context,
): HandoverSummary {
  const due = row.to_at + handoverGraceMs;
  const members = membersOf(row);
  const team = members.map(({ person }) => person);

  function signature(
    [person, user, at]: readonly [string | null, string | null, number | null],
    of: readonly string[],
  ): SignatureView | null {
    if (person === null || user === null || at === null) return null;
    const ofTeam = of.includes(person);
    return { person, name: nameOf(person), user, at: iso(at), ofTeam, late: at > due };
  }

  return {
    id: row.id,
    shift: row.shift,
    name: { id: row.name_id, en: row.name_en },
    team: row.team,
    members,
    from: iso(row.from_at),
    to: iso(row.to_at),
    state: stateOf(row, now),
    late: (row.out_at ?? now) > due || (row.in_at ?? now) > due,
    outgoing: signature([row.out_person, row.out_user, row.out_at], team),
    incoming: signature([row.in_person, row.in_user, row.in_at], next?.members ?? []),
  };
}

export function handoverDetail({ row, content, next }: Handover, context: Context): HandoverView {
  const named = (person: string): { person: string; name: string } => ({ person, name: context.nameOf(person) });
  return {
    ...handoverSummaryView({ row, next }, context),
    note: row.note,
    remark: row.in_remark,
    content,
    next: next === undefined ? null : { name: next.name, team: next.teamName, members: next.members.map(named) },
  };
} // prettier-ignore

function stateOf(row: HandoverRow, now: number): HandoverSummary['state'] {
  if (row.in_at !== null) return 'signed';
  if (row.out_at !== null) return 'awaits-incoming';
  return now < row.to_at ? 'under-way' : 'awaits-outgoing';
}
