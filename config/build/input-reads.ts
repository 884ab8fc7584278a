import type { PointRead } from '../model.ts';
import type { InputPoint } from '../schema/profile.ts';
import type { PlannedRead } from './reads.ts';

/** What a device entry says of a generic profile's terminals. */
export function inputReads<Input>(
  known: Readonly<Record<string, Input>>,
  wanted: readonly InputPoint[] | undefined,
  read: (input: Input) => PointRead,
): PlannedRead[] {
  return (wanted ?? []).flatMap((point) => {
    const input = known[point.input];
    if (input === undefined) return [];
    const part = point.part === undefined ? {} : { part: point.part };
    return [{ ...part, quantity: point.quantity, value: point, read: read(input) }];
  });
}
