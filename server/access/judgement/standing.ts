import { createDeadlines } from '../../../core/deadlines.ts';
import { judgeTicket, type ConditionContext } from './conditions.ts';
import type { Finding } from './kinds.ts';

/**
 * What only time makes wrong, kept from look to look. A ticket is judged again when something about it or its persons has changed, and when
 * the next moment has come at which time alone may change it: with 10,000 tickets, a look each second costs what is due in that second.
 */
export interface Standing {
  /** Something about the ticket, or about who is inside with it, has changed. */
  touch(ticket: string): void;
  /** Something has changed that every ticket is judged by. */
  touchAll(): void;
  /** What has begun to be wrong since the last look. */
  look(now: number): Finding[];
  /** Everything that is wrong as of the last look, by id. */
  readonly found: ReadonlyMap<string, Finding>;
}

export function createStanding(context: ConditionContext): Standing {
  const found = new Map<string, Finding>();
  const idsOf = new Map<string, readonly string[]>();
  const deadlines = createDeadlines();
  const touched = new Set<string>();
  let isAllTouched = false;
  let last = -Infinity;

  function judge(ticket: string, now: number): Finding[] {
    const { wrong, next } = judgeTicket(ticket, { ...context, now });
    const before = idsOf.get(ticket) ?? [];
    const begun = wrong.filter(({ id }) => !before.includes(id));
    for (const id of before) found.delete(id);
    for (const finding of wrong) found.set(finding.id, finding);
    if (wrong.length === 0) idsOf.delete(ticket);
    else idsOf.set(ticket, wrong.map(({ id }) => id)); // prettier-ignore
    deadlines.set(ticket, next);
    return begun;
  }

  function touchAll(): void {
    isAllTouched = true;
  }

  return {
    touch: (ticket) => void touched.add(ticket),
    touchAll,
    look(now) {
      // The wall clock was set back: moments that had passed come again.
      if (now < last) touchAll();
      last = now;
      for (const ticket of deadlines.take(now)) touched.add(ticket);
      if (isAllTouched) for (const { id } of context.tickets.all()) touched.add(id);
      if (isAllTouched) for (const id of context.insiders.tickets()) touched.add(id);
      isAllTouched = false;
      const begun = [...touched].flatMap((ticket) => judge(ticket, now));
      touched.clear();
      return begun;
    },
    found,
  };
}
