import { approach } from './noise.ts';
import type { PlantGenset } from './plant.ts';

type GensetPhase = 'stopped' | 'pre-start' | 'warming-up' | 'running' | 'cooling-down' | 'post-run';

export interface GensetState {
  readonly phase: GensetPhase;
  /** Seconds in this phase. */
  readonly phaseS: number;
  readonly rpm: number;
  readonly kw: number;
  readonly coolantC: number;
  readonly litresPerHour: number;
  readonly runS: number;
  readonly starts: number;
  readonly kwh: number;
}

export const standing: GensetState = {
  phase: 'stopped', phaseS: 0, rpm: 0, kw: 0, coolantC: 42, litresPerHour: 0, runS: 0, starts: 0, kwh: 0,
}; // prettier-ignore

export interface GensetInputs {
  /** The ATS asks for power. */
  readonly called: boolean;
  /** Share of the load that this machine carries, kW. */
  readonly loadKw: number;
  readonly hasFuel: boolean;
}

const crankS = 3;
const warmUpS = 8;
const coolDownS = 60;
const postRunS = 10;
const ratedRpm = 1_500;

/** One machine, one step: crank, warm up, carry, cool down, stand. */
export function stepGenset(
  genset: PlantGenset,
  state: GensetState,
  step: { dtS: number; inputs: GensetInputs },
): GensetState {
  const { dtS, inputs } = step;
  const phase = nextPhase(state, inputs);
  const turning = phase === 'warming-up' || phase === 'running' || phase === 'cooling-down';
  const kw = phase === 'running' ? inputs.loadKw : 0;
  const litresPerHour = turning ? fuelRate(genset, kw) : 0;
  return {
    phase,
    phaseS: phase === state.phase ? state.phaseS + dtS : 0,
    rpm: approach(state.rpm, targetRpm(phase), { dtS, tauS: 2 }),
    kw,
    coolantC: approach(state.coolantC, turning ? 78 + (10 * kw) / genset.ratedKw : 42, {
      dtS,
      tauS: turning ? 240 : 1_800,
    }),
    litresPerHour,
    runS: state.runS + (turning ? dtS : 0),
    starts: state.starts + (phase === 'pre-start' && state.phase === 'stopped' ? 1 : 0),
    kwh: state.kwh + (kw * dtS) / 3_600,
  };
}

/** Its bus bar has voltage: it can take load. */
export function isReady(state: GensetState): boolean {
  return state.phase === 'running';
}

function nextPhase({ phase, phaseS }: GensetState, { called, hasFuel }: GensetInputs): GensetPhase {
  if (!hasFuel) return phase === 'stopped' || phaseS >= postRunS ? 'stopped' : 'post-run';
  switch (phase) {
    case 'stopped':
      return called ? 'pre-start' : 'stopped';
    case 'pre-start':
      return phaseS >= crankS ? 'warming-up' : 'pre-start';
    case 'warming-up':
      return phaseS >= warmUpS ? 'running' : 'warming-up';
    case 'running':
      return called ? 'running' : 'cooling-down';
    case 'cooling-down':
      if (called) return 'running';
      return phaseS >= coolDownS ? 'post-run' : 'cooling-down';
    case 'post-run':
      return phaseS >= postRunS ? 'stopped' : 'post-run';
  }
}

function targetRpm(phase: GensetPhase): number {
  if (phase === 'stopped' || phase === 'post-run') return 0;
  return phase === 'pre-start' ? 220 : ratedRpm;
}

/** L/h at a load, on the line between the curve's points and beyond its ends. */
function fuelRate({ fuelCurve, ratedKw }: PlantGenset, kw: number): number {
  const load = kw / ratedKw;
  const upper = Math.max(
    1,
    fuelCurve.findIndex((point) => point.load >= load),
  );
  const [low, high] = [fuelCurve[upper - 1], fuelCurve[upper]];
  if (low === undefined || high === undefined) return 0;
  const slope = (high.litresPerHour - low.litresPerHour) / (high.load - low.load);
  return Math.max(0, low.litresPerHour + slope * (load - low.load));
}
