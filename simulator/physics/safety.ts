import type { Faults } from './faults.ts';
import { hourOfDay } from './load.ts';
import { at, hash } from './noise.ts';
import type { Plant } from './plant.ts';

/** Obscuration of clean air and of the thickest smoke, %/m. */
const cleanAir = 0.008;
const thickest = 0.6;
/** Smoke thickens so that a detector at its maker's levels goes from alert to fire in about two minutes. */
const thickenPerS = 0.0018;
const clearTauS = 25;

export function clearAir(plant: Plant): number[] {
  return plant.vesdas.map(() => cleanAir);
}

/** Obscuration at every aspirating detector, %/m. */
export function stepSmoke(
  plant: Plant,
  state: readonly number[],
  step: { dtS: number; faults: Faults },
): number[] {
  return plant.vesdas.map((vesda, index) => {
    const before = at(state, index);
    if (step.faults.smoke.has(vesda.key)) return Math.min(thickest, before + thickenPerS * step.dtS);
    return cleanAir + (before - cleanAir) * Math.exp(-step.dtS / clearTauS);
  });
}

/** VESDA's levels as delivered: alert 0.08, action 0.14, fire-1 0.20, fire-2 2.0 %/m (product guide). */
export function smokeLevel(obscuration: number): 'normal' | 'alert' | 'action-1' | 'fire-1' | 'fire-2' {
  if (obscuration >= 2) return 'fire-2';
  if (obscuration >= 0.2) return 'fire-1';
  if (obscuration >= 0.14) return 'action-1';
  return obscuration >= 0.08 ? 'alert' : 'normal';
}

const openForMs = 6_000;

/** People come and go by day: a door stands open for some seconds every few minutes. */
export function doorState(
  door: string,
  context: { seed: number; atMs: number; faults: Faults },
): 'closed' | 'open' | 'forced' {
  if (context.faults.forced.has(door)) return 'forced';
  const hour = hourOfDay(context.atMs);
  const everyMs = hour >= 8 && hour < 17 ? 420_000 : 3_600_000;
  const phase = hash(door, context.seed) % everyMs;
  return (context.atMs + phase) % everyMs < openForMs ? 'open' : 'closed';
}
