import type { Faults } from './faults.ts';
import { approach, at } from './noise.ts';
import type { Plant, PlantGenset } from './plant.ts';

/** Grid, transfer switch and gensets. Source 1 is PLN (its two incomers work side by side), source 2 the gensets. */
export interface SupplyState {
  readonly incomers: readonly boolean[];
  readonly position: 'source-1' | 'source-2';
  /** Seconds that PLN has been there, or been gone. */
  readonly gridS: number;
  readonly busLive: boolean;
  /** What the site draws, kW. */
  readonly busKw: number;
  readonly gensets: readonly GensetState[];
}

export interface SupplyInputs {
  readonly faults: Faults;
  readonly busKw: number;
  /** The day tanks are not empty. */
  readonly hasFuel: boolean;
}

/** A dip shorter than this starts nothing. */
const startDelayS = 2;
/** A switch leaves a source that has been gone for so long, however ready the other one is: the UPSs carry the load meanwhile. */
const transferDelayS = 4;
/** The grid must have been back for this long before the load returns to it. */
const stableGridS = 30;

export function stepSupply(
  plant: Plant,
  state: SupplyState,
  step: { dtS: number; inputs: SupplyInputs },
): SupplyState {
  const { dtS, inputs } = step;
  const incomers = plant.incomers.map((incomer) => !inputs.faults.sourceLost.has(incomer.key));
  const grid = hasGrid(incomers);
  const gridS = grid === hasGrid(state.incomers) ? state.gridS + dtS : 0;
  const called = state.position === 'source-2' || (!grid && gridS >= startDelayS);
  const ready = state.gensets.filter(isReady).length;
  const gensets = plant.gensets.map((genset, index) =>
    stepGenset(genset, at(state.gensets, index), {
      dtS,
      inputs: {
        called: called || inputs.faults.started.has(genset.device.key),
        isNeglected: inputs.faults.neglected.has(genset.device.key),
        failsFirst: inputs.faults.failsFirst.has(genset.device.key),
        isSagging: inputs.faults.sagging.has(genset.device.key),
        hasFuel: inputs.hasFuel,
        loadKw: state.position === 'source-2' && ready > 0 ? inputs.busKw / ready : 0,
      },
    }),
  );
  const position = nextPosition(state.position, {
    grid,
    gridS,
    gensetsCarry: gensetsCarry(plant, gensets, inputs.busKw),
  });
  const busLive = position === 'source-1' ? grid : gensets.some(isReady);
  return { incomers, position, gridS, busLive, busKw: inputs.busKw, gensets };
}

/** A site whose incomers nobody meters still has its grid. */
export function hasGrid(incomers: readonly boolean[]): boolean {
  return incomers.length === 0 || incomers.includes(true);
}

function nextPosition(
  position: SupplyState['position'],
  { grid, gridS, gensetsCarry }: { grid: boolean; gridS: number; gensetsCarry: boolean },
): SupplyState['position'] {
  if (position === 'source-1')
    return !grid && gridS >= transferDelayS && gensetsCarry ? 'source-2' : 'source-1';
  return grid && gridS >= stableGridS ? 'source-1' : 'source-2';
}

/** Enough machines run to take the load. */
function gensetsCarry(plant: Plant, gensets: readonly GensetState[], busKw: number): boolean {
  const ready = plant.gensets.reduce(
    (sum, genset, index) => sum + (isReady(at(gensets, index)) ? genset.ratedKw : 0),
    0,
  );
  return (
    ready > 0 && (ready >= busKw || gensets.every((genset) => isReady(genset) || genset.phase === 'stopped'))
  );
}

type GensetPhase = 'stopped' | 'pre-start' | 'warming-up' | 'running' | 'cooling-down' | 'post-run';

export interface GensetState {
  readonly phase: GensetPhase;
  /** Seconds in this phase. */
  readonly phaseS: number;
  readonly rpm: number;
  readonly kw: number;
  readonly coolantC: number;
  /** Of the starter battery. */
  readonly starterV: number;
  readonly litresPerHour: number;
  readonly runS: number;
  readonly starts: number;
  /** Attempts that failed since it last ran. */
  readonly failedStarts: number;
  readonly kwh: number;
}

export const standing: GensetState = {
  phase: 'stopped', phaseS: 0, rpm: 0, kw: 0, coolantC: 42, starterV: 27.1, litresPerHour: 0, runS: 0, starts: 0, failedStarts: 0, kwh: 0,
}; // prettier-ignore

interface GensetInputs {
  /** The ATS asks for power. */
  readonly called: boolean;
  /** In manual, without charger and heater. */
  readonly isNeglected: boolean;
  /** The first attempt to start fails, the next one does not. */
  readonly failsFirst: boolean;
  /** The governor lets the speed sag under load. */
  readonly isSagging: boolean;
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
function stepGenset(
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
    rpm: approach(state.rpm, targetRpm(phase, inputs.isSagging ? kw / genset.ratedKw : 0), { dtS, tauS: 2 }),
    kw,
    coolantC: approach(
      state.coolantC,
      coolantTargetC({ turning, share: kw / genset.ratedKw, isHeated: !inputs.isNeglected }),
      {
        dtS,
        // Without its heater it cools quicker than a real block, so that a drill shows it.
        tauS: turning ? 240 : inputs.isNeglected ? 400 : 1_800,
      },
    ),
    starterV: approach(state.starterV, starterTargetV({ phase, turning, isCharged: !inputs.isNeglected }), {
      dtS,
      tauS: phase === 'pre-start' ? 1 : inputs.isNeglected && !turning ? 400 : 5,
    }),
    litresPerHour,
    runS: state.runS + (turning ? dtS : 0),
    starts: state.starts + (phase === 'pre-start' && state.phase === 'stopped' ? 1 : 0),
    failedStarts:
      phase === 'warming-up'
        ? 0
        : state.failedStarts + (phase === 'post-run' && state.phase === 'pre-start' ? 1 : 0),
    kwh: state.kwh + (kw * dtS) / 3_600,
  };
}

/** The heater holds a standing engine warm; without it the engine takes the temperature of the room. */
function coolantTargetC(engine: { turning: boolean; share: number; isHeated: boolean }): number {
  if (engine.turning) return 78 + 10 * engine.share;
  return engine.isHeated ? 42 : 29;
}

/** Float charge by the charger, charge by the alternator while it turns; a crank pulls it down, and without a charger it sinks. */
function starterTargetV(engine: { phase: GensetPhase; turning: boolean; isCharged: boolean }): number {
  if (engine.turning) return 28.2;
  if (engine.phase === 'pre-start') return 24.1;
  return engine.isCharged ? 27.1 : 24.3;
}

/** Its bus bar has voltage: it can take load. */
function isReady(state: GensetState): boolean {
  return state.phase === 'running';
}

function nextPhase({ phase, phaseS, failedStarts }: GensetState, inputs: GensetInputs): GensetPhase {
  const { hasFuel } = inputs;
  const called = inputs.called && !inputs.isNeglected;
  if (!hasFuel) return phase === 'stopped' || phaseS >= postRunS ? 'stopped' : 'post-run';
  switch (phase) {
    case 'stopped':
      return called ? 'pre-start' : 'stopped';
    case 'pre-start':
      if (phaseS < crankS) return 'pre-start';
      // A controller rests between two attempts.
      return inputs.failsFirst && failedStarts === 0 ? 'post-run' : 'warming-up';
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

/** A governor that sags loses a tenth of the speed at full load. */
const sag = 0.1;

function targetRpm(phase: GensetPhase, saggingLoad: number): number {
  if (phase === 'stopped' || phase === 'post-run') return 0;
  return phase === 'pre-start' ? 220 : ratedRpm * (1 - sag * saggingLoad);
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

/** What a leak loses, L/h. */
const leakLitresPerHour = 600;

/** Gensets drink from the day tanks, the pumps refill those from the monthly ones; only a tank that leaks loses anything on the way. */
export function stepFuel(
  plant: Plant,
  state: FuelState,
  step: { dtS: number; litresPerHour: number; faults: Faults },
): FuelState {
  const tanksL = [...state.tanksL];
  draw(tanksL, (step.litresPerHour * step.dtS) / 3_600, drinkFrom(plant));
  for (const [index, { device }] of plant.tanks.entries())
    if (step.faults.fuelLeak.has(device.key)) draw(tanksL, (leakLitresPerHour * step.dtS) / 3_600, [index]);
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
