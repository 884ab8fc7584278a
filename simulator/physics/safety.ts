import type { Faults } from './faults.ts';
import { hourOfDay } from './load.ts';
import { approach, at, hash } from './noise.ts';
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

/** The extinguishing systems of a site. */
export interface Extinguishing {
  /** Share of its gas that the cylinders of the halls still hold. */
  readonly agent: number;
  /** Seconds that it has burnt in the genset room. */
  readonly gensetFireS: number;
}

export const filled: Extinguishing = { agent: 1, gensetFireS: 0 };

/** A tenth of the gas in about four minutes: quick for a leak, so that a drill shows it. */
const leakTauS = 2_400;
const refillTauS = 30;
/** Between the alarm of the genset room and the release of its CO₂: time to leave. */
const countdownS = 30;

export function stepExtinguishing(
  state: Extinguishing,
  { dtS, faults }: { dtS: number; faults: Faults },
): Extinguishing {
  const isLeaking = faults.agentLeak.size > 0;
  return {
    agent: approach(state.agent, isLeaking ? 0 : 1, { dtS, tauS: isLeaking ? leakTauS : refillTauS }),
    gensetFireS: faults.gensetFire.size > 0 ? state.gensetFireS + dtS : 0,
  };
}

export function isCo2Released({ gensetFireS }: Extinguishing): boolean {
  return gensetFireS > countdownS;
}

interface DoorContext {
  readonly plant: Pick<Plant, 'seed' | 'interlocked'>;
  readonly atMs: number;
  readonly faults: Faults;
}

/** People come and go by day: a door stands open for some seconds every few minutes. A mantrap lets one of its doors open at a time. */
export function doorState(door: string, context: DoorContext): 'closed' | 'open' | 'forced' | 'held' {
  const { plant, faults } = context;
  if (faults.forced.has(door)) return 'forced';
  if (faults.propped.has(door)) return 'held';
  if (!isWanted(door, context)) return 'closed';
  const others = plant.interlocked.get(door) ?? [];
  const isLocked = others.some(
    (other) =>
      faults.forced.has(other) || faults.propped.has(other) || (other < door && isWanted(other, context)),
  );
  return isLocked ? 'closed' : 'open';
}

function isWanted(door: string, { plant, atMs }: DoorContext): boolean {
  const hour = hourOfDay(atMs);
  const everyMs = hour >= 8 && hour < 17 ? 420_000 : 3_600_000;
  return (atMs + (hash(door, plant.seed) % everyMs)) % everyMs < openForMs;
}
