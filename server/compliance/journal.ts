import type { Range } from '../historian/historian.ts';
import { coveredBy } from './documents.ts';
import type { ChangeRow } from './repository.ts';
import type { Held } from './verdict.ts';

/**
 * How long one row or proof held within a range, from its changes and the times in which anybody looked. `before`: the last change before the
 * range. Ascending; pure.
 */
export function heldOf(
  { before, changes, watched }: {
    readonly before: Pick<ChangeRow, 'verdict'> | undefined;
    readonly changes: readonly Pick<ChangeRow, 'verdict' | 'at'>[];
    readonly watched: readonly Range[];
  },
  range: Range,
): Held {
  let heldMs = 0;
  let brokenMs = 0;
  let verdict = before?.verdict;
  let from = range.from;
  const count = (to: number): void => {
    const ms = to > from ? coveredBy(watched, { from, to }) : 0;
    if (verdict === 'holds') heldMs += ms;
    if (verdict === 'fails') brokenMs += ms;
  };
  for (const change of changes) {
    const at = Math.min(Math.max(change.at, from), range.to);
    count(at);
    from = at;
    verdict = change.verdict;
  }
  count(range.to);
  return { heldMs, brokenMs, totalMs: range.to - range.from };
} // prettier-ignore
