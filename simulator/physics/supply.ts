import type { Faults } from './faults.ts';
import { isReady, stepGenset, type GensetState } from './gensets.ts';
import { at } from './noise.ts';
import type { Plant } from './plant.ts';

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
        called,
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
  if (position === 'source-1') return !grid && gensetsCarry ? 'source-2' : 'source-1';
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
