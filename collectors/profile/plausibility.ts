import type { Device, Point } from '../../config/model.ts';
import { good, qualityCode, type Reading } from '../../core/reading.ts';

/**
 * Whether a value is off by its scale from what else is known of its device: a power by a thousand from volts times amperes of the same
 * part or the nameplate with the load in percent, a total by a power of ten from the sum of its parts (`sumOf` in the profile). A card that counts kVA where its siblings count VA is right in every single
 * value and wrong by a thousand in one; no limit of a point sees that. What is off is uncertain: shown as such, and judged with care.
 */
export interface Plausibility {
  /** The readings of a poll, those that are off marked `implausible`; the list itself where none is. */
  mark(readings: readonly Reading[]): readonly Reading[];
  /** What is off, for people: of this point, or the first there is; undefined: nothing. */
  note(point?: number): string | undefined;
}

/** A factor of 1,000, give or take what a power factor, a rounded current or an unbalanced phase may do. */
const least = 300;
const most = 3_000;
/** kVA; below it the steps in which a current is counted decide the product. */
const smallest = 0.2;
/** A battery that lasts longer is rare; a card that counts seconds under the OID of minutes is not. */
const longestAutonomyS = 86_400;
/** In the unit of the parts; below it the steps in which they are counted decide their sum. */
const smallestSum = 1;
/** Share of a full load; below it a percentage says little. */
const smallestLoad = 5;

/** Where an estimate of a power comes from: indices of points. */
type Evidence =
  | {
      readonly kind: 'volts × amperes';
      readonly pairs: readonly (readonly [voltage: number, current: number])[];
    }
  | { readonly kind: 'nameplate × load'; readonly kilowatts: number; readonly load: number }
  | { readonly kind: 'nameplate'; readonly kilowatts: number }
  | { readonly kind: 'the sum of its parts'; readonly parts: readonly number[] }
  /** A time that the profile takes for minutes. */
  | { readonly kind: 'minutes' };

interface Check {
  readonly point: Point;
  readonly evidence: readonly Evidence[];
  /** How often in a row it was off. */
  times: number;
}

/**
 * @param options.after how often in a row a power must be off before it is marked: values of one poll are not of one instant, and a load that
 * starts meanwhile looks like a wrong scale. 3 unless given; 1 where there is one poll only.
 */
export function createPlausibility(
  { points, rating }: Pick<Device, 'points' | 'rating'>,
  { after = 3 }: { readonly after?: number } = {},
): Plausibility {
  const checks = checksOf(points, rating);
  if (checks.length === 0 && points.every(({ unit }) => unit !== 'kWh')) return nothingToCheck;
  const checkOf = new Map(checks.map((check) => [check.point.index, check]));
  const watched = new Set([
    ...checkOf.keys(),
    ...checks.flatMap(({ evidence }) => evidence.flatMap(indicesOf)),
  ]);
  const totals = new Map<number, { last: number; zeros: number }>(
    points.filter(({ unit }) => unit === 'kWh').map(({ index }) => [index, { last: 0, zeros: 0 }]),
  );
  const last = new Map<number, number>();
  const off = new Map<number, string>();

  function judge(check: Check): void {
    const { point, evidence } = check;
    const value = last.get(point.index);
    const wrong = value === undefined ? undefined : evidence.find((each) => isOff(value, each, last));
    check.times = wrong === undefined ? 0 : check.times + 1;
    if (wrong === undefined) off.delete(point.index);
    else if (check.times >= after)
      off.set(point.index, textOf(point, value ?? 0, estimate(wrong, last) ?? 0, wrong.kind));
  }

  /** A total that reads zero once was not reset: no value, until it says so again. */
  function withoutOneZero(reading: Reading): Reading {
    const total = totals.get(reading.point);
    if (total === undefined || reading.quality !== good) return reading;
    const isZero = reading.value === 0 && total.last > 0;
    total.zeros = isZero ? total.zeros + 1 : 0;
    if (isZero && total.zeros < after) return { ...reading, value: Number.NaN, quality: outOfRange };
    total.last = reading.value;
    return reading;
  }

  return {
    mark(given) {
      const readings = totals.size === 0 ? given : given.map(withoutOneZero);
      const due = new Set<Check>();
      for (const { point, value, quality } of readings) {
        if (!watched.has(point)) continue;
        if (quality === good) last.set(point, value);
        else last.delete(point);
        const check = checkOf.get(point);
        if (check !== undefined) due.add(check);
      }
      for (const check of due) judge(check);
      if (off.size === 0) return readings;
      return readings.map((reading) =>
        reading.quality === good && off.has(reading.point) ? { ...reading, quality: implausible } : reading,
      );
    },
    note: (point) => (point === undefined ? off.values().next().value : off.get(point)),
  };
}

/** One for all the sensors and doors. */
const nothingToCheck: Plausibility = { mark: (readings) => readings, note: () => undefined };

const implausible = qualityCode('implausible');
const outOfRange = qualityCode('out-of-range');

function textOf({ id, unit }: Point, value: number, expected: number, kind: Evidence['kind']): string {
  if (kind === 'minutes')
    return `${id} reads ${Math.round(value / 3_600)} h: the device may count seconds where the profile takes minutes; compare its display and set "override: { autonomy: { scale: 1 } }"`;
  const digits = (number: number): string => String(Number(number.toPrecision(3)));
  const factor = kind === 'the sum of its parts' ? 'its scale' : 'a factor of 1,000';
  return `${id} reads ${digits(value)} ${unit} where ${kind} gives about ${digits(expected)}: off by ${factor}; compare the device's display and set "override: { …: { scale: … } }"`;
}

function indicesOf(evidence: Evidence): readonly number[] {
  if (evidence.kind === 'volts × amperes') return evidence.pairs.flat();
  if (evidence.kind === 'the sum of its parts') return evidence.parts;
  return evidence.kind === 'nameplate × load' ? [evidence.load] : [];
}

/** What the evidence speaks for, in the unit of the point; undefined: it says nothing now. Pure. */
function estimate(evidence: Evidence, last: ReadonlyMap<number, number>): number | undefined {
  if (evidence.kind === 'minutes') return undefined;
  if (evidence.kind === 'nameplate') return evidence.kilowatts;
  if (evidence.kind === 'nameplate × load') {
    const load = last.get(evidence.load);
    return load === undefined || load < smallestLoad ? undefined : (evidence.kilowatts * load) / 100;
  }
  if (evidence.kind === 'the sum of its parts') return sumOf(evidence.parts, last);
  let sum = 0;
  for (const [voltage, current] of evidence.pairs) {
    const [volts, amperes] = [last.get(voltage), last.get(current)];
    if (volts === undefined || amperes === undefined) return undefined;
    sum += (volts * Math.abs(amperes)) / 1_000;
  }
  return sum < smallest ? undefined : sum;
}

/** Undefined while one of the parts has no value: a sum without it is none. Pure. */
function sumOf(parts: readonly number[], last: ReadonlyMap<number, number>): number | undefined {
  let sum = 0;
  for (const part of parts) sum += last.get(part) ?? Number.NaN;
  return Math.abs(sum) >= smallestSum ? Math.abs(sum) : undefined;
}

/** A power of ten, give or take a quarter of it: values of one poll are not of one instant. Pure. */
function isPowerOfTen(ratio: number): boolean {
  const power = Math.log10(ratio);
  const whole = Math.round(power);
  return whole !== 0 && Math.abs(power - whole) < Math.log10(1.25);
}

/** Pure. A power of zero is no factor of anything. */
function isOff(value: number, evidence: Evidence, last: ReadonlyMap<number, number>): boolean {
  if (evidence.kind === 'minutes') return value > longestAutonomyS && value / 60 <= longestAutonomyS;
  const expected = estimate(evidence, last);
  if (expected === undefined || value === 0) return false;
  const ratio = Math.abs(value) / expected;
  if (evidence.kind === 'the sum of its parts') return isPowerOfTen(ratio);
  // The nameplate is a bound and no estimate: a tenth of a percent of it may be drawn.
  if (evidence.kind === 'nameplate') return ratio >= least && ratio <= most;
  return (ratio >= least && ratio <= most) || (ratio <= 1 / least && ratio >= 1 / most);
}

/** `output-`, `input-` and so on, and which power it is. */
const powerName = /^(?<side>(?:[a-z]+-)*?)(?:apparent-|true-)?power$/;
const phaseEnds = ['l1', 'l2', 'l3'];

/** Indices of what the profile says to add up to a point. Pure. */
function partsThatAddUp(points: readonly Point[], { source, unit, part }: Point): number[] {
  const quantity = source.from === 'device' ? source.value.sumOf : undefined;
  if (quantity === undefined) return [];
  return points.flatMap((each) =>
    each.quantity === quantity && each.unit === unit && each.part !== undefined && each.part !== part
      ? [each.index]
      : [],
  );
}

function checksOf(points: readonly Point[], rating: Device['rating']): Check[] {
  const find = (part: string | undefined, quantity: string): Point | undefined =>
    points.find((point) => point.part === part && point.quantity === quantity);
  const known = new Set(points.map(({ part }) => part));
  /** Of the whole, or of a thing whose phases are parts beside it. */
  const phasesOf = (part: string | undefined): string[] =>
    phaseEnds.map((end) => (part === undefined ? end : `${part}-${end}`)).filter((name) => known.has(name));
  return points.flatMap((point): Check[] => {
    if (point.quantity === 'autonomy' && point.source.from === 'device' && point.source.value.scale === 60)
      return [{ point, evidence: [{ kind: 'minutes' }], times: 0 }];
    const ofParts = partsThatAddUp(points, point);
    if (ofParts.length > 0)
      return [{ point, evidence: [{ kind: 'the sum of its parts', parts: ofParts }], times: 0 }];
    const side = powerName.exec(point.quantity)?.groups?.['side'];
    if (side === undefined || (point.unit !== 'kW' && point.unit !== 'kVA')) return [];
    const pairOf = (part: string | undefined): (readonly [number, number])[] => {
      const voltage = find(part, `${side}voltage`);
      const current = find(part, `${side}current`);
      return voltage?.unit === 'V' && current?.unit === 'A' ? [[voltage.index, current.index]] : [];
    };
    const own = pairOf(point.part);
    const ofPhases = phasesOf(point.part).map(pairOf);
    const isWhole = point.part === undefined;
    const pairs =
      own.length > 0
        ? own
        : ofPhases.length > 0 && ofPhases.every((each) => each.length > 0)
          ? ofPhases.flat()
          : [];
    const kilowatts = point.unit === 'kVA' ? (rating.kva ?? rating.kw) : (rating.kw ?? rating.kva);
    const load = isWhole ? (find(undefined, `${side}load`) ?? find(undefined, 'load')) : undefined;
    const isOutput = isWhole && (side === 'output-' || side === '');
    const evidence: Evidence[] = [
      ...(pairs.length === 0 ? [] : [{ kind: 'volts × amperes' as const, pairs }]),
      ...(isOutput && kilowatts !== undefined && load?.unit === '%'
        ? [{ kind: 'nameplate × load' as const, kilowatts, load: load.index }]
        : []),
      ...(kilowatts === undefined ? [] : [{ kind: 'nameplate' as const, kilowatts }]),
    ];
    return evidence.length === 0 ? [] : [{ point, evidence, times: 0 }];
  });
}
