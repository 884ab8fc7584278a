import type { Formula } from '../../config/point-source.ts';
import { good, isUsable, qualityCode, type QualityCode } from '../../core/reading.ts';
import type { CurrentValues } from './current.ts';

/** What a formula yields; NaN with a bad quality. */
export interface Derived {
  readonly value: number;
  readonly quality: QualityCode;
}

/** Undefined while the inputs do not belong together yet: what was published stands until they do. */
export type Evaluate = (current: CurrentValues) => Derived | undefined;

export type SumFormula = Extract<Formula, { kind: 'sum' }>;

/** Where the inputs of one sum stand. Times in epoch ms, of the source. */
interface Inputs {
  readonly value: number;
  readonly quality: QualityCode;
  readonly oldest: number;
  readonly newest: number;
  /** Of the first input without a value. */
  readonly missing: QualityCode | undefined;
}

/** Set while a sum that moved waits for the inputs that were not read since. */
interface Waiting {
  readonly sinceAt: number;
  /** Every input must be at least this new. */
  readonly after: number;
  readonly value: number;
}

/**
 * A sum that is whole or no value. Meters are read one after the other: while a load moves from one feed to the other, the
 * first meters read after the transfer and the last ones read before it add up to a load that never was. So a sum that moved by
 * more than `step` waits until every input was read after that, at most for `skewMs`.
 */
export function createSum(formula: Pick<SumFormula, 'inputs' | 'step' | 'skewMs'>): Evaluate {
  const { inputs, step, skewMs } = formula;
  /** What the sum is held against: a value from before every input was read again, so that it cannot creep away in small steps. */
  let anchor: { readonly value: number; readonly at: number } | undefined;
  let waiting: Waiting | undefined;
  /** When a part was first seen missing before there was any whole value. */
  let incompleteAt: number | undefined;

  function moved(value: number, from: number): boolean {
    return Math.abs(value - from) > step * Math.max(Math.abs(value), Math.abs(from));
  }

  /** The first whole value needs no proof at a start, but does when some inputs had been read for long. */
  function isUnproved(value: number, newest: number): boolean {
    if (anchor !== undefined) return moved(value, anchor.value);
    return incompleteAt !== undefined && newest - incompleteAt > skewMs;
  }

  function mustWait({ value, oldest, newest }: Inputs): boolean {
    if (waiting === undefined) {
      if (!isUnproved(value, newest)) return false;
      waiting = { sinceAt: newest, after: newest, value };
    }
    if (newest - waiting.sinceAt > skewMs) return false;
    if (oldest < waiting.after) return true;
    // Back where it was (a load that changed feeds) or steady since (one that really changed); otherwise it still moves.
    if (anchor === undefined || !moved(value, anchor.value) || !moved(value, waiting.value)) return false;
    waiting = { ...waiting, after: newest, value };
    return oldest < newest;
  }

  return (current) => {
    const now = readInputs(inputs, current);
    if (now.missing !== undefined || now.newest - now.oldest > skewMs) {
      waiting = undefined;
      if (now.newest > 0) incompleteAt ??= now.newest;
      return { value: Number.NaN, quality: now.missing ?? qualityCode('no-value') };
    }
    if (mustWait(now)) return undefined;
    if (anchor === undefined || waiting !== undefined || now.oldest > anchor.at)
      anchor = { value: now.value, at: now.newest };
    waiting = undefined;
    return checked(now.value, now.quality);
  };
}

function readInputs(inputs: readonly number[], current: CurrentValues): Inputs {
  let value = 0;
  let quality: QualityCode = good;
  let oldest = Number.POSITIVE_INFINITY;
  let newest = 0;
  let missing: QualityCode | undefined = inputs.length === 0 ? qualityCode('no-value') : undefined;
  for (const input of inputs) {
    const own = current.quality[input] ?? qualityCode('never-read');
    if (!isUsable(own)) {
      missing ??= own;
      continue;
    }
    if (own !== good) quality = own;
    const at = current.at[input] ?? 0;
    value += current.value[input] ?? Number.NaN;
    oldest = Math.min(oldest, at);
    newest = Math.max(newest, at);
  }
  return { value, quality, oldest, newest, missing };
}

/** A result that is no number is no value, whatever the inputs reported about themselves. */
export function checked(value: number, quality: QualityCode): Derived {
  return Number.isFinite(value) ? { value, quality } : { value: Number.NaN, quality: qualityCode('decode') };
}
