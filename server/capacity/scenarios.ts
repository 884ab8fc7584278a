import { createSolver, type Scenario, type ScenarioInputs } from './solver.ts';
import { createWorst, type AllScenarios } from './worst.ts';

/** Scenarios settled from scratch between two turns for others: about a millisecond. */
const scratchPerTurn = 8;
/** Pairs of racks that are only looked up. */
const lookedUpPerTurn = 1_000;

/**
 * Every single failure and every pair. Yields after each piece of work of about a millisecond, so that the caller can let others have their turn.
 */
export function* allScenarios(inputs: ScenarioInputs): Generator<undefined, AllScenarios> {
  const { elements } = inputs;
  const solver = createSolver(inputs);
  const singles: Scenario[] = [];
  let [settled, lookedUp] = [0, 0];
  const isDue = (): boolean => {
    lookedUp += 1;
    if (solver.settled() - settled < scratchPerTurn && lookedUp < lookedUpPerTurn) return false;
    [settled, lookedUp] = [solver.settled(), 0];
    return true;
  };
  for (const element of elements) {
    singles.push(solver.single(element));
    if (isDue()) yield;
  }
  const worst = createWorst(solver.present);
  for (const [first, one] of elements.entries())
    for (let second = first + 1; second < elements.length; second += 1) {
      const another = elements[second];
      const [a, b] = [singles[first], singles[second]];
      if (another === undefined || a === undefined || b === undefined) continue;
      // Two racks that have nothing to do with each other: what becomes of both is what becomes of each.
      if (solver.areIndependent(one, another)) worst.addIndependent(a, b);
      else worst.add(solver.pair(one, another), a, b);
      if (isDue()) yield;
    }
  return { singles, ...worst.result() };
}
