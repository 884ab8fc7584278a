import { createIsoWriter } from '../../core/time.ts';
import type { Window } from './phases.ts';
import type { Traces } from './things.ts';

/**
 * Every reading of a run as the historian gave it, as CSV in the order of points and times. Its bytes are what the report's SHA-256 is of,
 * and what is attached to the report. A test of two hours has half a million lines: they are made point by point, so that no list of all
 * of them is held.
 */
export function samplesCsv(raw: Traces, { from, to }: Window): Buffer {
  const timeOf = createIsoWriter();
  const parts = [Buffer.from('point,time,value,quality\n')];
  for (const id of [...raw.keys()].sort()) {
    let text = '';
    for (const { at, value, quality } of raw.get(id)?.samples ?? [])
      if (at >= from && at <= to) text += `${id},${timeOf(at)},${value},${quality}\n`;
    parts.push(Buffer.from(text));
  }
  return Buffer.concat(parts);
}
