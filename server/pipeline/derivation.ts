import type { Model } from '../../config/model.ts';
import type { Instant } from '../../core/clock.ts';
import { good, type Reading } from '../../core/reading.ts';
import type { CurrentValues } from './current.ts';
import { createFormula, formulaInputs } from './formula.ts';
import type { Evaluate } from './sum.ts';

export interface Derivation {
  /** The point has a new value or quality. */
  touch(point: number): void;
  /**
   * Computes every derived point whose inputs were touched, lower indices first, and returns what changed.
   * @param inputsAtMost of those with more inputs none: they stay touched
   */
  run(now: Instant, inputsAtMost?: number): Reading[];
}

/** A figure that does not change is published again this often, so that it does not look stale. */
const repeatAfterMs = 10_000;

/** Keeps which derived points are to be computed again. Formula inputs have lower indices, so one pass settles all. */
export function createDerivation(model: Model, current: CurrentValues): Derivation {
  const derived: { index: number; evaluate: Evaluate; inputs: readonly number[] }[] = [];
  const dependents: (readonly number[])[] = [];
  for (const point of model.points) {
    if (point.source.from !== 'formula') continue;
    const inputs = formulaInputs(point.source.formula);
    // Not pushed: an array that grows takes room for sixteen more.
    for (const input of inputs) dependents[input] = [...(dependents[input] ?? []), derived.length];
    derived.push({ index: point.index, evaluate: createFormula(point.source.formula), inputs });
  }
  // Formulas compare when their inputs were read; a wall clock that is set must not tear those apart.
  const byAge: CurrentValues = { ...current, at: current.since };
  const dirty = new Uint8Array(derived.length);
  const publishedAt = new Float64Array(derived.length);

  function touch(point: number): void {
    for (const slot of dependents[point] ?? []) dirty[slot] = 1;
  }

  return {
    touch,
    run(now, inputsAtMost = Infinity) {
      const changed: Reading[] = [];
      for (const [slot, { index, evaluate, inputs }] of derived.entries()) {
        if (dirty[slot] === 0 || inputs.length > inputsAtMost) continue;
        dirty[slot] = 0;
        const result = evaluate(byAge);
        if (result === undefined) continue;
        const { value, quality } = result;
        // As old as its newest input: an old one has made the result bad or partial already.
        const newest = (times: Float64Array): number =>
          inputs.reduce((latest, input) => Math.max(latest, times[input] ?? 0), 0);
        const at = Math.min(newest(current.at), now.at);
        if (quality === good) {
          current.wholeValue[index] = value;
          current.wholeAt[index] = at;
        }
        const same = Object.is(value, current.value[index]) && quality === current.quality[index];
        current.value[index] = value;
        current.quality[index] = quality;
        current.at[index] = at;
        current.since[index] = newest(current.since);
        touch(index);
        if (at === 0 || (same && now.monotonic - (publishedAt[slot] ?? 0) < repeatAfterMs)) continue;
        publishedAt[slot] = now.monotonic;
        changed.push({ point: index, at, value, quality });
      }
      return changed;
    },
  };
}
