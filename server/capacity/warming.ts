import type { Model, Point } from '../../config/model.ts';
import type { Figures } from './figures.ts';
import { derivedPoint, type Readings } from './readings.ts';

/** When the halls that have lost PACs reach the limits that were predicted for them. */
export interface Warming {
  observe(minutes: number, readings: Readings): void;
  /** Some hall has not reached some limit yet. */
  isOpen(): boolean;
  /** Minutes by hall and limit; null: not yet. */
  reached(): Figures['warming'];
}

interface Row {
  readonly hall: string;
  readonly limitC: number;
  readonly point: Point | undefined;
  minutes: number | undefined;
}

/** A hall that is above a limit from the start reaches it in 0 minutes. */
export function watchWarming(model: Model, predicted: Figures['warming']): Warming {
  const rows = Object.entries(predicted).flatMap(([hall, limits]) =>
    limits.map(({ limitC }): Row => ({
      hall,
      limitC,
      point: derivedPoint(model, `${hall}/temperature-mean`),
      minutes: undefined,
    })),
  );
  return {
    observe(minutes, readings) {
      for (const row of rows) {
        if (row.minutes !== undefined) continue;
        const meanC = readings.value(row.point);
        if (meanC !== undefined && meanC >= row.limitC) row.minutes = minutes;
      }
    },
    isOpen: () => rows.some(({ minutes }) => minutes === undefined),
    reached: () =>
      Object.fromEntries(
        Object.keys(predicted).map((hall) => [
          hall,
          rows
            .filter((row) => row.hall === hall)
            .map(({ limitC, minutes }) => ({ limitC, minutes: minutes ?? null })),
        ]),
      ),
  };
}
