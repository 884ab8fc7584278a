import { parseAccessEvent } from '../../../core/access-event.ts';
import type { FieldEvent } from '../../../core/field-event.ts';
import type { Judge } from '../judgement/judge.ts';
import type { Inside } from './presence.ts';

/** Who was inside at a moment, and who else in the hour before it. */
export interface PastPresence {
  readonly present: readonly Inside[];
  /** Left within the hour, as they were when they were last inside. */
  readonly before: readonly Inside[];
}

const hourMs = 3_600_000;

/** Replays the events of before the moment on a judge that holds tickets and cards; events in any order. Pure but for the judge, which is used up. */
export function presenceAt(judge: Judge, events: readonly FieldEvent[], moment: number): PastPresence {
  const parsed = events.flatMap((event) => parseAccessEvent(event) ?? []).toSorted((a, b) => a.at - b.at);
  const lately = new Map<string, Inside>();
  const note = (): void => {
    for (const each of judge.inside()) lately.set(each.holder, each);
  };
  let isNoting = false;
  for (const event of parsed) {
    if (event.at > moment) break;
    if (!isNoting && event.at >= moment - hourMs) {
      isNoting = true;
      note();
    }
    judge.event(event);
    if (isNoting) note();
  }
  const present = judge.inside();
  const keys = new Set(present.map(({ holder }) => holder));
  return { present, before: [...lately.values()].filter(({ holder }) => !keys.has(holder)) };
}
