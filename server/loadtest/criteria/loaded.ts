import type { SetFigures } from '../figures.ts';
import { atLeast, atMost, exactly, onlyWith, type Bounded } from '../verdict.ts';
import { found, minutes, seconds, unseen, type Finding, type Input } from './finding.ts';

/** Of every set that carried load: the shortest counts. A set that never did is judged by `sets-started`. */
export function loadedRun({ figures: { sets }, profile }: Input): Finding {
  const { atLeast: leastMs } = profile.criteria['loaded-run'];
  const limit = { value: minutes(leastMs), sense: 'least' as const };
  const carried = sets.filter((set) => set.carried !== false);
  if (carried.length === 0)
    return { verdict: 'fail', unit: 'min', value: exactly(0), limit, why: 'not-loaded' };
  const unnamed = carried.filter(({ ratedKw }) => ratedKw === null).map(({ genset }) => genset);
  if (unnamed.length > 0)
    return { verdict: 'not-proven', unit: 'min', value: null, limit, why: 'no-nameplate', things: unnamed };
  const known = carried.flatMap(({ genset, atLoad }) => (atLoad === null ? [] : [{ genset, atLoad }]));
  const shortest = known.sort((a, b) => a.atLoad.least - b.atLoad.least)[0];
  if (shortest === undefined)
    return { verdict: 'not-proven', unit: 'min', value: null, limit, why: 'not-seen' };
  const value = {
    value: minutes(shortest.atLoad.seen),
    least: minutes(shortest.atLoad.least),
    most: minutes(Math.min(...known.map(({ atLoad }) => atLoad.most))),
  };
  const verdict = onlyWith(known.length === carried.length, atLeast(value, limit.value));
  return found({ verdict, unit: 'min', value, limit, open: 'gaps', things: [shortest.genset] });
}

/** The worst of the sets that carried load by one steady quantity; every one of them must be known for a pass. */
function steady(
  sets: readonly SetFigures[],
  of: (set: SetFigures) => { readonly value: number; readonly isCovered: boolean } | null,
  { value: most, sense }: { readonly value: number; readonly sense: 'within' | 'most' },
): Finding {
  const limit = { value: most, sense };
  const carried = sets.filter((set) => set.carried === true);
  const known = carried.flatMap((set) => {
    const measured = of(set);
    return measured === null ? [] : [{ genset: set.genset, ...measured }];
  });
  const furthest = known.sort((a, b) => Math.abs(b.value) - Math.abs(a.value))[0];
  if (furthest === undefined) return unseen({ unit: '%', limit });
  const value = exactly(furthest.value);
  const whole = known.length === carried.length && known.every(({ isCovered }) => isCovered);
  const verdict = onlyWith(whole, Math.abs(value.value) <= most ? 'pass' : 'fail');
  return found({ verdict, unit: '%', value, limit, open: 'gaps', things: [furthest.genset] });
}

export function steadyVoltage({ figures: { sets }, profile }: Input): Finding {
  const limit = { value: profile.criteria['steady-voltage'].within, sense: 'within' as const };
  return steady(
    sets,
    ({ volts }) =>
      volts === null ? null : { value: larger(volts.lowest, volts.highest), isCovered: volts.isCovered },
    limit,
  );
}

export function steadyFrequency({ figures: { sets }, profile }: Input): Finding {
  const limit = { value: profile.criteria['steady-frequency'].band, sense: 'most' as const };
  const width = (min: number, max: number): number => ((max - min) / profile.recognition.hertz) * 100;
  return steady(
    sets,
    ({ hertz }) =>
      hertz === null ? null : { value: width(hertz.min, hertz.max), isCovered: hertz.isCovered },
    limit,
  );
}

function larger(a: number, b: number): number {
  return Math.abs(a) > Math.abs(b) ? a : b;
}

/** What each step of load did to one quantity, of those that were seen; and how many steps there were. */
function excursions(sets: readonly SetFigures[], quantity: 'volts' | 'hertz') {
  const steps = sets.flatMap(({ steps: all }) => all);
  const known = steps.flatMap((step) => {
    const excursion = step[quantity];
    return excursion === null ? [] : [{ genset: step.genset, ...excursion }];
  });
  return { known, isWhole: known.length === steps.length };
}

/** What was seen may fail; that nothing deeper lay between two readings only dense readings prove. */
export function dip(
  { figures: { sets }, profile }: Input,
  quantity: 'volts' | 'hertz',
  { up, down }: { readonly up: number; readonly down: number },
): Finding {
  const limit = { value: down, sense: 'within' as const };
  const { known, isWhole } = excursions(sets, quantity);
  const off = ({ lowest, highest }: { readonly lowest: number; readonly highest: number }): number =>
    -lowest / down > highest / up ? lowest : highest;
  const deepest = known.sort((a, b) => Math.abs(off(b)) - Math.abs(off(a)))[0];
  if (deepest === undefined) return unseen({ unit: '%', limit });
  const failed = known.some(({ lowest, highest }) => -lowest > down || highest > up);
  const dense = isWhole && known.every(({ sampledMs }) => sampledMs <= profile.evidence.dipSampling);
  const verdict = onlyWith(dense, failed ? 'fail' : 'pass');
  return found({
    verdict,
    unit: '%',
    value: exactly(off(deepest)),
    limit,
    open: 'too-coarse',
    things: [deepest.genset],
  });
}

export function recovery(
  { figures: { sets } }: Input,
  quantity: 'volts' | 'hertz',
  limitMs: number,
): Finding {
  const limit = { value: limitMs / 1_000, sense: 'most' as const };
  const { known, isWhole } = excursions(sets, quantity);
  const never = known.filter((each) => each.recovery === null).map(({ genset }) => genset);
  if (never.length > 0)
    return {
      verdict: 'fail',
      unit: 's',
      value: null,
      limit,
      why: 'never-steady',
      things: [...new Set(never)],
    };
  const times = known.flatMap(({ genset, recovery: time }) => (time === null ? [] : [{ genset, time }]));
  const slowest = times.sort((a, b) => b.time.most - a.time.most)[0];
  if (slowest === undefined) return unseen({ unit: 's', limit });
  const value: Bounded = seconds(slowest.time);
  const verdict = onlyWith(isWhole, atMost(value, limit.value));
  return found({ verdict, unit: 's', value, limit, open: 'sampling', things: [slowest.genset] });
}
