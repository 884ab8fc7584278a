import { faults, type Faults } from '../physics/faults.ts';
import type { Plant } from '../physics/plant.ts';

/** What a drill with a course of its own does so many seconds after its start; null: it is over. */
export type Course = (elapsedS: number) => Faults | null;

/** Loaded run of a drill that names no other, minutes. */
const defaultLoadTestMinutes = 4;

/** The gensets run for so long before PLN is switched off: by hand, which tells a test from an outage. */
const startS = 30;
/** The load stays on the gensets for so long after PLN is back (the ATS's wait). */
const retransferS = 30;
/** Cool-down of the engines until they stand, and a rest. */
const coolDownS = 90;

/** Start, transfer, a loaded run of so many minutes, retransfer, cool-down. */
export function loadTestCourse({ gensets, incomers }: Plant, minutes = defaultLoadTestMinutes): Course {
  const started = gensets.map(({ device }) => device.key);
  const off = faults({ started, sourceLost: incomers.map(({ key }) => key) });
  const backS = startS + minutes * 60 - retransferS;
  return (elapsedS) => {
    if (elapsedS < startS) return faults({ started });
    if (elapsedS < backS) return off;
    return elapsedS < backS + retransferS + coolDownS ? faults() : null;
  };
}
