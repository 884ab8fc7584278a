import { at } from './noise.ts';
import type { Plant } from './plant.ts';

/** A day tank below this share is filled from the monthly tanks up to the other. */
const fillFrom = 0.8;
const fillTo = 0.95;
const pumpLitresPerMinute = 60;

export interface FuelState {
  /** Litres in each tank, in the plant's order. */
  readonly tanksL: readonly number[];
  readonly pumping: readonly boolean[];
}

export function fullTanks(plant: Plant): FuelState {
  return {
    tanksL: plant.tanks.map((tank) => tank.litres * (tank.role === 'day-tank' ? 0.93 : 0.9)),
    pumping: plant.tanks.map(() => false),
  };
}

/** Gensets drink from the day tanks, the pumps refill those from the monthly ones; nothing is lost on the way. */
export function stepFuel(
  plant: Plant,
  state: FuelState,
  step: { dtS: number; litresPerHour: number },
): FuelState {
  const tanksL = [...state.tanksL];
  draw(tanksL, (step.litresPerHour * step.dtS) / 3_600, drinkFrom(plant));
  const monthly = indices(plant, 'monthly-tank');
  const pumping = plant.tanks.map((tank, index) => {
    if (tank.role !== 'day-tank' || monthly.length === 0) return false;
    const share = at(tanksL, index) / tank.litres;
    const on = share < fillFrom || (state.pumping[index] === true && share < fillTo);
    if (on) tanksL[index] = at(tanksL, index) + draw(tanksL, (pumpLitresPerMinute * step.dtS) / 60, monthly);
    return on;
  });
  return { tanksL, pumping };
}

/** Whether the gensets find fuel; a site without a metered tank never runs dry. */
export function hasFuel(plant: Plant, state: FuelState): boolean {
  return plant.tanks.length === 0 || drinkFrom(plant).some((index) => at(state.tanksL, index) > 0);
}

function drinkFrom(plant: Plant): number[] {
  const day = indices(plant, 'day-tank');
  return day.length > 0 ? day : indices(plant, 'monthly-tank');
}

function indices(plant: Plant, role: 'day-tank' | 'monthly-tank'): number[] {
  return plant.tanks.flatMap((tank, index) => (tank.role === role ? [index] : []));
}

/** Takes evenly from the tanks that hold something; returns what was had. */
function draw(tanksL: number[], litres: number, from: readonly number[]): number {
  const holding = from.filter((index) => at(tanksL, index) > 0);
  let had = 0;
  for (const index of holding) {
    const part = Math.min(at(tanksL, index), litres / holding.length);
    tanksL[index] = at(tanksL, index) - part;
    had += part;
  }
  return had;
}
