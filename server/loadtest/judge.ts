import { criterionNames, type CriterionName, type LoadTestProfile } from '../../config/schema/loadtest.ts';
import type { SiteStandard } from '../../config/schema/standard.ts';
import type { RunFigures, SetFigures } from './figures.ts';
import { extentOf, heldAt, samplesIn } from './measure.ts';
import { batterySignal, isKnown, type Window } from './phases.ts';
import type { Recognised } from './recognise.ts';
import type { Genset, RolePoint, SiteRoles } from './roles.ts';
import { between } from './signal.ts';
import { traceOf } from './things.ts';
import { atLeast, atMost, exactly, onlyWith, worst, type Bounded, type Verdict } from './verdict.ts';

/** Why a criterion is not proven, or has failed; a sentence of the report. */
const reasons = [
  'not-seen', 'gaps', 'sampling', 'clocks', 'no-nameplate', 'no-limit', 'no-curve', 'not-started', 'not-loaded', 'too-coarse',
  'no-test', 'period-runs', 'dropped', 'never-steady', 'not-islanded', 'limit',
] as const; // prettier-ignore
type Reason = (typeof reasons)[number];

const criterionUnits = ['s', 'min', '%', 'V', 'Hz', 'kW', 'h', 'L', 'count', 'days'] as const;
type CriterionUnit = (typeof criterionUnits)[number];

export interface Criterion {
  readonly name: CriterionName;
  readonly verdict: Verdict;
  /** Shown, without a part in the result. */
  readonly reference: boolean;
  readonly source: string;
  readonly unit: CriterionUnit;
  /** Null: nothing was measured. */
  readonly value: Bounded | null;
  readonly limit: { readonly value: number; readonly sense: 'least' | 'most' | 'within' } | null;
  readonly why: Reason | null;
  /** Sets, switches, UPSs, points that it is about. */
  readonly things: readonly string[];
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly criteria: readonly Criterion[];
}

/** The period that asks for a test. */
interface Period extends Window {
  /** Another test of the period was completed. */
  readonly isFulfilled: boolean;
}

interface Input {
  readonly roles: SiteRoles;
  readonly recognised: Recognised;
  readonly figures: RunFigures;
  readonly profile: LoadTestProfile;
  readonly standard: Pick<SiteStandard, 'upsBackupTime' | 'endurance' | 'gensets'>;
  readonly period: Period;
  readonly now: number;
}

type Finding = Pick<Criterion, 'verdict' | 'unit' | 'value'> & {
  readonly limit?: Criterion['limit'];
  readonly why?: Reason | null;
  readonly things?: readonly string[];
};

/** Judges a run by the criteria of a profile. Gaps in the evidence make a pass impossible; what they hide cannot fail either. */
export function judge(input: Input): Judgement {
  const { profile, recognised } = input;
  const isTest = ['test', 'aborted'].includes(recognised.run.label.label);
  const criteria = criterionNames
    // An outage and an exercise are no tests that a period asks for.
    .filter((name) => name !== 'interval' || isTest)
    .map((name): Criterion => {
      const { source, reference } = profile.criteria[name];
      const { limit = null, why = null, things = [], ...found } = judges[name](input);
      return { name, source, reference, limit, things, ...found, why: found.verdict === 'pass' ? null : why };
    });
  const binding = criteria.filter(({ reference }) => !reference).map(({ verdict }) => verdict);
  return { verdict: worst(binding), criteria };
}

const judges: Readonly<Record<CriterionName, (input: Input) => Finding>> = {
  completed,
  interval,
  'sets-started': setsStarted,
  'start-transfer': startTransfer,
  'ride-through': rideThrough,
  'battery-time': batteryTime,
  'loaded-run': loadedRun,
  'steady-voltage': steadyVoltage,
  'steady-frequency': steadyFrequency,
  'dip-voltage': (input) => dip(input, 'volts', input.profile.criteria['dip-voltage']),
  'dip-frequency': (input) => dip(input, 'hertz', input.profile.criteria['dip-frequency']),
  'recovery-voltage': (input) => recovery(input, 'volts', input.profile.criteria['recovery-voltage'].within),
  'recovery-frequency': (input) => recovery(input, 'hertz', input.profile.criteria['recovery-frequency'].within),
  'engine-limits': engineLimits,
  endurance,
  'fuel-balance': fuelBalance,
  redundancy,
}; // prettier-ignore

/** PLN was away for as long as the gensets carried load, and that came to its end. */
function completed({ recognised: { run, signals }, figures: { loaded } }: Input): Finding {
  const minutes = loaded === null ? null : exactly((loaded.to - loaded.from) / 60_000);
  const found = { unit: 'min' as const, value: minutes };
  const { label } = run.label;
  if (label === 'aborted' || label === 'no-load') return { ...found, verdict: 'fail', why: 'no-test' };
  if (loaded === null || label === 'unclear' || run.to === null)
    return { ...found, verdict: 'not-proven', why: 'not-seen' };
  // The first and the last moments belong to the transfers.
  const steps = signals.grid.filter(({ at }) => at > loaded.from && at < loaded.to - 60_000);
  const [inside, before] = [steps.map(({ value }) => value), signals.grid.findLast(({ at }) => at <= loaded.from)?.value];
  const all = [before, ...inside];
  if (all.some((value) => value === undefined)) return { ...found, verdict: 'not-proven', why: 'gaps' };
  // PLN is back for a while before the load returns to it: lost once and back once.
  const off = run.phases.find(({ phase }) => phase === 'grid-off');
  if ((off?.from ?? null) === null || before !== 'lost') return { ...found, verdict: 'fail', why: 'not-islanded' };
  return { ...found, verdict: 'pass' };
} // prettier-ignore

function interval(input: Input): Finding {
  const { period, recognised, now } = input;
  const found = { unit: 'days' as const, value: null };
  const own = completed(input).verdict;
  const isTest = recognised.run.label.label === 'test';
  if (period.isFulfilled || (isTest && own === 'pass')) return { ...found, verdict: 'pass' };
  if (now >= period.to) return { ...found, verdict: isTest && own === 'not-proven' ? 'not-proven' : 'fail', why: 'no-test' };
  return { ...found, verdict: 'not-proven', why: isTest && own === 'not-proven' ? 'not-seen' : 'period-runs' };
} // prettier-ignore

function setsStarted({ figures: { sets } }: Input): Finding {
  const verdictOf = ({ started, carried }: SetFigures): Verdict => {
    if (started === false || carried === false) return 'fail';
    return started === true && carried === true ? 'pass' : 'not-proven';
  };
  const verdict = worst(sets.map(verdictOf));
  const failed = sets.filter((set) => verdictOf(set) === verdict).map(({ genset }) => genset);
  return {
    verdict,
    unit: 'count',
    value: exactly(sets.filter(({ carried }) => carried === true).length),
    limit: { value: sets.length, sense: 'least' },
    things: verdict === 'pass' ? [] : failed,
    why: verdict === 'not-proven' ? 'not-seen' : sets.some(({ started }) => started === false) ? 'not-started' : 'not-loaded',
  };
} // prettier-ignore

function startTransfer({ recognised: { run }, profile }: Input): Finding {
  const limitS = profile.criteria['start-transfer'].within / 1_000;
  const limit = { value: limitS, sense: 'most' as const };
  const transfers = run.phases.filter(({ phase }) => phase === 'transfer');
  const seen = transfers.flatMap(({ from, to, thing }) =>
    from === null || to === null || thing === null ? [] : [{ thing, time: between(from, to) }],
  );
  const slowest = seen.sort((a, b) => b.time.seen - a.time.seen)[0];
  if (slowest === undefined) return { verdict: 'not-proven', unit: 's', value: null, limit, why: 'not-seen' };
  // Times of two clocks are compared: what is not known of their difference is added.
  const doubtMs = Math.max(0, ...run.clocks.map((clock) => clock.doubtMs));
  const value = seconds({
    seen: slowest.time.seen,
    least: Math.max(0, slowest.time.least - doubtMs),
    most: Math.max(...seen.map(({ time }) => time.most)) + doubtMs,
  });
  const verdict = onlyWith(seen.length === transfers.length, atMost(value, limitS));
  const why = seen.length < transfers.length ? 'not-seen' : doubtMs > 0 ? 'clocks' : 'sampling';
  return {
    verdict,
    unit: 's',
    value,
    limit,
    why: verdict === 'fail' ? 'limit' : why,
    things: [slowest.thing],
  };
}

function rideThrough({ recognised: { signals }, figures }: Input): Finding {
  const dropped = figures.upss.filter((each) => each.dropped === true).map(({ ups }) => ups);
  const value = figures.upss.length === 0 ? null : exactly(figures.upss.length - dropped.length);
  const found = { unit: 'count' as const, value, limit: { value: figures.upss.length, sense: 'least' as const } };
  if (dropped.length > 0) return { ...found, verdict: 'fail', why: 'dropped', things: dropped };
  const unknown = signals.upss.filter(({ source }) => !isKnown(source, figures.window)).map(({ ups }) => ups.id);
  if (figures.upss.length === 0 || unknown.length > 0)
    return { ...found, verdict: 'not-proven', why: unknown.length > 0 ? 'gaps' : 'not-seen', things: unknown };
  return { ...found, verdict: 'pass' };
} // prettier-ignore

function batteryTime({ recognised: { signals }, figures, standard }: Input): Finding {
  const limitMin = standard.upsBackupTime.max / 60_000;
  const limit = { value: limitMin, sense: 'most' as const };
  const times = figures.upss.flatMap(({ ups, onBattery }) => onBattery.map((time) => ({ ups, time })));
  const unknown = signals.upss
    .filter(({ source, input }) => !isKnown(batterySignal(source, input), figures.window))
    .map(({ ups }) => ups.id);
  const longest = times.sort((a, b) => b.time.least - a.time.least)[0];
  const most = Math.max(0, ...times.map(({ time }) => time.most));
  const value =
    longest === undefined
      ? figures.upss.length === 0 || unknown.length > 0 ? null : exactly(0)
      : { value: minutes(Math.min(longest.time.seen, most)), least: minutes(longest.time.least), most: minutes(most) };
  if (value === null) return { verdict: 'not-proven', unit: 'min', value, limit, why: 'not-seen', things: unknown };
  const verdict = onlyWith(unknown.length === 0, atMost(value, limitMin));
  return {
    verdict, unit: 'min', value, limit,
    why: verdict === 'fail' ? 'limit' : unknown.length > 0 ? 'gaps' : 'sampling',
    things: unknown.length > 0 ? unknown : longest === undefined ? [] : [longest.ups],
  };
} // prettier-ignore

/** Of every set that carried load: the shortest counts. A set that never did is judged by `sets-started`. */
function loadedRun({ figures: { sets }, profile }: Input): Finding {
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
  return {
    verdict,
    unit: 'min',
    value,
    limit,
    why: verdict === 'fail' ? 'limit' : 'gaps',
    things: [shortest.genset],
  };
}

function steadyVoltage({ figures: { sets }, profile }: Input): Finding {
  const { within } = profile.criteria['steady-voltage'];
  const limit = { value: within, sense: 'within' as const };
  const carried = sets.filter(({ carried: did }) => did === true);
  const known = carried.flatMap(({ genset, volts }) => (volts === null ? [] : [{ genset, volts }]));
  const off = ({ lowest, highest }: { readonly lowest: number; readonly highest: number }): number =>
    Math.abs(lowest) > Math.abs(highest) ? lowest : highest;
  const worstSet = known.sort((a, b) => Math.abs(off(b.volts)) - Math.abs(off(a.volts)))[0];
  if (worstSet === undefined)
    return { verdict: 'not-proven', unit: '%', value: null, limit, why: 'not-seen' };
  const value = exactly(off(worstSet.volts));
  const whole = known.length === carried.length && known.every(({ volts }) => volts.isCovered);
  const verdict = onlyWith(whole, Math.abs(value.value) <= within ? 'pass' : 'fail');
  return {
    verdict,
    unit: '%',
    value,
    limit,
    why: verdict === 'fail' ? 'limit' : 'gaps',
    things: [worstSet.genset],
  };
}

function steadyFrequency({ figures: { sets }, profile }: Input): Finding {
  const { band } = profile.criteria['steady-frequency'];
  const limit = { value: band, sense: 'most' as const };
  const carried = sets.filter(({ carried: did }) => did === true);
  const known = carried.flatMap(({ genset, hertz }) => (hertz === null ? [] : [{ genset, hertz }]));
  const width = ({ min, max }: { readonly min: number; readonly max: number }): number =>
    ((max - min) / profile.recognition.hertz) * 100;
  const widest = known.sort((a, b) => width(b.hertz) - width(a.hertz))[0];
  if (widest === undefined) return { verdict: 'not-proven', unit: '%', value: null, limit, why: 'not-seen' };
  const value = exactly(width(widest.hertz));
  const whole = known.length === carried.length && known.every(({ hertz }) => hertz.isCovered);
  const verdict = onlyWith(whole, atMost(value, band));
  return {
    verdict,
    unit: '%',
    value,
    limit,
    why: verdict === 'fail' ? 'limit' : 'gaps',
    things: [widest.genset],
  };
}

/** What was seen may fail; that nothing deeper lay between two readings only dense readings prove. */
function dip(
  { figures: { sets }, profile }: Input,
  quantity: 'volts' | 'hertz',
  { up, down }: { readonly up: number; readonly down: number },
): Finding {
  const limit = { value: down, sense: 'within' as const };
  const steps = sets.flatMap(({ steps: all }) => all);
  const known = steps.flatMap((step) => {
    const excursion = step[quantity];
    return excursion === null ? [] : [{ genset: step.genset, ...excursion }];
  });
  const off = ({ lowest, highest }: { readonly lowest: number; readonly highest: number }): number =>
    -lowest / down > highest / up ? lowest : highest;
  const deepest = known.sort((a, b) => Math.abs(off(b)) - Math.abs(off(a)))[0];
  if (deepest === undefined) return { verdict: 'not-proven', unit: '%', value: null, limit, why: 'not-seen' };
  const failed = known.some(({ lowest, highest }) => -lowest > down || highest > up);
  const dense = known.length === steps.length && known.every(({ sampledMs }) => sampledMs <= profile.evidence.dipSampling);
  return {
    verdict: onlyWith(dense, failed ? 'fail' : 'pass'),
    unit: '%', value: exactly(off(deepest)), limit,
    why: failed ? 'limit' : 'too-coarse',
    things: [deepest.genset],
  };
} // prettier-ignore

function recovery({ figures: { sets } }: Input, quantity: 'volts' | 'hertz', limitMs: number): Finding {
  const limit = { value: limitMs / 1_000, sense: 'most' as const };
  const steps = sets.flatMap(({ steps: all }) => all);
  const known = steps.flatMap((step) => {
    const excursion = step[quantity];
    return excursion === null ? [] : [{ genset: step.genset, recovery: excursion.recovery }];
  });
  if (known.length === 0) return { verdict: 'not-proven', unit: 's', value: null, limit, why: 'not-seen' };
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
  if (slowest === undefined) return { verdict: 'not-proven', unit: 's', value: null, limit, why: 'not-seen' };
  const value = seconds(slowest.time);
  const verdict = onlyWith(known.length === steps.length, atMost(value, limit.value));
  return {
    verdict,
    unit: 's',
    value,
    limit,
    why: verdict === 'fail' ? 'limit' : 'sampling',
    things: [slowest.genset],
  };
}

/** Limits that hold while an engine runs, and those of one that waits. */
const whileRunning = ['oil', 'coolant', 'speed'] as const;
const quantityOf = {
  oil: 'oil-pressure',
  coolant: 'coolant-temperature',
  speed: 'speed',
  battery: 'battery-voltage',
} as const;

function engineLimits({ roles, recognised: { traces }, figures, profile }: Input): Finding {
  const found: { readonly thing: string; readonly verdict: Verdict; readonly why: Reason }[] = [];
  for (const genset of roles.gensets) {
    const set = figures.sets.find((each) => each.genset === genset.id);
    const check = (point: RolePoint | undefined, quantity: string, window: Window | null, side: 'min' | 'max'): void => {
      const limit = genset.limits[quantity]?.[side];
      if (limit === undefined || window === null) return;
      const thing = `${genset.id}/${quantity}`;
      const trace = traceOf(traces, point);
      const extent = extentOf(samplesIn(trace, window));
      if (extent === null) found.push({ thing, verdict: 'not-proven', why: 'not-seen' });
      else if (side === 'min' ? extent.min < limit : extent.max > limit) found.push({ thing, verdict: 'fail', why: 'limit' });
      else {
        const gap = extent.count > 0 && !covers(trace, window, profile.evidence.coverage);
        found.push({ thing, verdict: gap ? 'not-proven' : 'pass', why: 'gaps' });
      }
    };
    const running = set?.loadedWindow ?? null;
    const settled = running === null ? null : { from: Math.min(running.from + 10_000, running.to), to: running.to };
    for (const role of whileRunning) {
      check(genset[role], quantityOf[role], settled, 'max');
      if (role !== 'coolant') check(genset[role], quantityOf[role], settled, 'min');
    }
    const before = { from: figures.window.from - 60_000, to: figures.window.from - 1 };
    check(genset.coolant, quantityOf.coolant, before, 'min');
    check(genset.battery, quantityOf.battery, before, 'min');
    if (running !== null && !hasEngineLimits(genset))
      found.push({ thing: genset.id, verdict: 'not-proven', why: 'no-limit' });
  }
  const verdict = worst(found.map((each) => each.verdict));
  const concerned = found.filter((each) => each.verdict === verdict);
  return {
    verdict, unit: 'count',
    value: exactly(found.filter((each) => each.verdict === 'fail').length),
    limit: { value: 0, sense: 'most' },
    why: concerned[0]?.why ?? 'not-seen',
    things: verdict === 'pass' ? [] : concerned.map(({ thing }) => thing),
  };
} // prettier-ignore

/** Before a run the readings may begin late; a minute of them is not asked for in full. */
function covers(trace: Parameters<typeof heldAt>[0], window: Window, percent: number): boolean {
  const span = samplesIn(trace, window);
  const [first, last] = [span[0], span.at(-1)];
  if (first === undefined || last === undefined) return false;
  const gaps = span.some(({ at }, index) => at - (span[index - 1]?.at ?? at) > trace.holdMs);
  return (
    !gaps && first.at - window.from <= trace.holdMs && window.to - last.at <= trace.holdMs && percent <= 100
  );
}

function hasEngineLimits({ limits }: Genset): boolean {
  return limits['oil-pressure']?.min !== undefined && limits['coolant-temperature']?.max !== undefined;
}

function endurance({ figures: { fuel }, standard }: Input): Finding {
  const hours = standard.endurance.hours;
  const limit = { value: hours, sense: 'least' as const };
  if (fuel.endurance === null) return { verdict: 'not-proven', unit: 'h', value: null, limit, why: 'not-seen' };
  return { verdict: atLeast(fuel.endurance, hours), unit: 'h', value: fuel.endurance, limit, why: 'limit', ...(atLeast(fuel.endurance, hours) === 'not-proven' ? { why: 'sampling' as const } : {}) };
} // prettier-ignore

function fuelBalance({ figures: { fuel }, profile }: Input): Finding {
  const { within } = profile.criteria['fuel-balance'];
  const limit = { value: within, sense: 'most' as const };
  if (fuel.used === null) return { verdict: 'not-proven', unit: '%', value: null, limit, why: 'not-seen' };
  if (fuel.expected === null || fuel.expected <= 0)
    return { verdict: 'not-proven', unit: '%', value: null, limit, why: 'no-curve' };
  const share = (litres: number): number => (litres / (fuel.expected ?? 1) - 1) * 100;
  const value = { value: share(fuel.used.value), least: share(fuel.used.least), most: share(fuel.used.most) };
  const verdict = atMost(value, within);
  return { verdict, unit: '%', value, limit, why: verdict === 'fail' ? 'limit' : 'sampling' };
}

function redundancy({ roles, figures: { kw, kwIsCovered }, standard }: Input): Finding {
  const rated = roles.gensets.map(({ ratedKw }) => ratedKw).sort((a, b) => (a ?? 0) - (b ?? 0));
  const unnamed = roles.gensets.filter(({ ratedKw }) => ratedKw === undefined).map(({ id }) => id);
  if (rated.length === 0 || unnamed.length > 0)
    return { verdict: 'not-proven', unit: 'kW', value: null, why: 'no-nameplate', things: unnamed };
  // The largest set out, or the larger half of them.
  const left = standard.gensets.redundancy === 'N+1' ? rated.length - 1 : Math.floor(rated.length / 2);
  const capacity = rated.slice(0, left).reduce((sum: number, each) => sum + (each ?? 0), 0);
  const limit = { value: capacity, sense: 'most' as const };
  if (kw === null) return { verdict: 'not-proven', unit: 'kW', value: null, limit, why: 'not-seen' };
  const value = exactly(kw.max);
  const verdict = onlyWith(kwIsCovered, atMost(value, capacity));
  return { verdict, unit: 'kW', value, limit, why: verdict === 'fail' ? 'limit' : 'gaps' };
}

function minutes(ms: number): number {
  return ms / 60_000;
}

function seconds({ least, most, seen }: { readonly least: number; readonly most: number; readonly seen: number }): Bounded {
  return { value: seen / 1_000, least: least / 1_000, most: most / 1_000 };
} // prettier-ignore
