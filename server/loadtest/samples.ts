import { iso } from '../../core/time.ts';
import type { Window } from './phases.ts';
import type { Traces } from './things.ts';

/**
 * Every reading of a run as the historian gave it, in the order of points and times. Its bytes are what the report's SHA-256 is of, and
 * what is attached to the report.
 */
export function samplesCsv(raw: Traces, { from, to }: Window): string {
  const lines = ['point,time,value,quality'];
  for (const id of [...raw.keys()].sort())
    for (const { at, value, quality } of raw.get(id)?.samples ?? [])
      if (at >= from && at <= to) lines.push(`${id},${iso(at)},${value},${quality}`);
  return `${lines.join('\n')}\n`;
}
