import type { BoundAlarm } from '../../config/alarms/bind.ts';
import type { Label } from '../../config/schema/common.ts';
import type { PlantState } from '../../config/schema/rule.ts';
import { meets, type ValueOf } from './others.ts';

/** Whether people have declared a state of the plant that holds now. */
export type IsDeclared = (
  state: PlantState,
  place: { readonly site: string; readonly room?: string },
) => boolean;

export interface Suppressor {
  /** Why the alarm is suppressed by design now, as the journal keeps it; null when it is not. */
  reasonFor(alarm: BoundAlarm, monotonic: number): string | null;
  /** After a restart the alarm was suppressed: it stays so while the values it depends on come in. */
  restore(alarm: BoundAlarm, monotonic: number): void;
}

/**
 * A condition of which nothing is known any more suppresses for this long: a poll may fail. After that the alarm is annunciated, since
 * silence without evidence is a false calm.
 */
const unknownHoldMs = 60_000;

export function createSuppressor(options: {
  readonly valueOf: ValueOf;
  readonly isDeclared: IsDeclared;
}): Suppressor {
  const { valueOf, isDeclared } = options;
  /** When a suppression was last known to hold, monotonic, by alarm and its place in the rule. */
  const heldAt = new Map<string, number>();

  return {
    reasonFor({ index, point, suppressions }, monotonic) {
      for (const [place, suppression] of suppressions.entries()) {
        const key = `${index} ${place}`;
        const now =
          suppression.kind === 'during'
            ? isDeclared(suppression.state, point)
            : meets(suppression.condition, valueOf);
        if (now === true) heldAt.set(key, monotonic);
        const sinceMs = monotonic - (heldAt.get(key) ?? -Infinity);
        const patienceMs = suppression.lingerMs + (now === undefined ? unknownHoldMs : 0);
        if (now === true || sinceMs < patienceMs) return suppressionReason(suppression.reason);
        heldAt.delete(key);
      }
      return null;
    },
    restore({ index, suppressions }, monotonic) {
      for (const place of suppressions.keys()) heldAt.set(`${index} ${place}`, monotonic);
    },
  };
}

/** As the journal keeps it, in both languages. */
function suppressionReason({ id, en }: Label): string {
  return `${id} (${en})`;
}
