import type { ProbeRow } from './row.ts';

const phases: ReadonlySet<string> = new Set(['l1', 'l2', 'l3']);

/**
 * Phases that an agent lists and its device does not have: a card of a single-phase UPS answers zeros for three. A phase is absent where all
 * that is read of it is zero, voltages of two kinds among them (of the input and of the output), while another phase has both. One that lost
 * its input keeps its output, and a meter that knows one voltage proves nothing. Pure.
 */
export function absentPhases(
  rows: readonly Pick<ProbeRow, 'part' | 'quantity' | 'unit' | 'value'>[],
): ReadonlySet<string> {
  const good = rows.filter(({ part, value }) => part !== null && phases.has(part) && value !== null);
  const live = new Map<string, Set<string>>();
  const dead = new Map<string, Set<string>>();
  for (const { part, quantity, unit, value } of good) {
    if (unit !== 'V' || part === null) continue;
    const kinds = value === 0 ? dead : live;
    kinds.set(part, (kinds.get(part) ?? new Set()).add(quantity));
  }
  return new Set(
    [...dead].flatMap(([phase, voltages]) => {
      const isZero = good.every(({ part, value }) => part !== phase || value === 0);
      const hasOther = [...live.values()].some((kinds) => [...voltages].every((kind) => kinds.has(kind)));
      return isZero && hasOther && voltages.size >= 2 ? [phase] : [];
    }),
  );
}
