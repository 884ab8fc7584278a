import type { Model, Point } from '../../config/model.ts';
import type { Energy, Fuel } from '../contracts/operations.ts';
import { bucketMs, type Bucket, type Historian, type Range } from '../historian/historian.ts';

const hourMs = bucketMs['1h'];
/** An hour counts when so much of it was measured. */
const neededMs = 0.9 * hourMs;
/** On fewer hours no figure is given. */
const neededHours = 0.5;

interface Asked {
  readonly site: string;
  readonly range: Range;
  readonly signal?: AbortSignal | undefined;
}
interface Sources {
  readonly model: Model;
  readonly historian: Historian;
}

/**
 * Power usage effectiveness: the energy of the whole facility over that of the IT equipment, of the hours in which both were measured. The IT
 * energy is that of the racks' meters (category 2); where they were not all read, that of the UPS outputs (category 1).
 */
export async function energyOf({ model, historian }: Sources, { site, range, signal }: Asked): Promise<Energy> {
  const own = model.points.filter((point) => point.site === site);
  const siteFigure = (quantity: string): Point[] =>
    own.filter((point) => point.owner.kind === 'site' && point.part === undefined && point.quantity === quantity);
  const ups = own.filter(({ kind, quantity, part }) => kind === 'ups' && quantity === 'output-power' && part === undefined);
  const hours = async (points: readonly Point[]) => hourlyKwh(historian, points, { range, signal });
  const [facility, racks, outputs] = [await hours(siteFigure('facility-power')), await hours(siteFigure('power')), await hours(ups)];
  const total = (range.to - range.from) / hourMs;
  const byRacks = ratio(facility, racks, total);
  const byUps = ratio(facility, outputs, total);
  if (byRacks.pue !== null || byUps.pue === null) return { ...byRacks, category: byRacks.pue === null ? null : 2 };
  return { ...byUps, category: 1 };
} // prettier-ignore

/** Pure: kWh by hour of facility and IT → PUE over the hours that both have. */
function ratio(
  facility: ReadonlyMap<number, number>,
  it: ReadonlyMap<number, number>,
  totalHours: number,
): Omit<Energy, 'category'> {
  let facilityKwh = 0;
  let itKwh = 0;
  let hours = 0;
  for (const [at, kwh] of facility) {
    const other = it.get(at);
    if (other === undefined) continue;
    facilityKwh += kwh;
    itKwh += other;
    hours += 1;
  }
  const coverage = totalHours > 0 ? (100 * hours) / totalHours : 0;
  const isEnough = hours > 0 && hours >= neededHours * totalHours && itKwh > 0;
  return {
    pue: isEnough ? Math.round((1_000 * facilityKwh) / itKwh) / 1_000 : null,
    facilityKwh: hours > 0 ? Math.round(facilityKwh) : null,
    itKwh: hours > 0 ? Math.round(itKwh) : null,
    coverage: Math.floor(coverage * 100) / 100,
  };
}

/** Of the hours in which every point was measured: their kWh added up. Powers are kW, so an hour's mean is its kWh. */
async function hourlyKwh(
  historian: Historian,
  points: readonly Point[],
  { range, signal }: Pick<Asked, 'range' | 'signal'>,
): Promise<Map<number, number>> {
  const sums = new Map<number, { kwh: number; points: number }>();
  if (points.length === 0 || range.from >= range.to) return new Map();
  const found = await historian.buckets(
    points.map(({ id }) => id),
    range,
    '1h',
    signal,
  );
  for (const buckets of found.values())
    for (const { at, mean, coveredMs } of buckets) {
      if (mean === null || coveredMs < neededMs) continue;
      const sum = sums.get(at) ?? { kwh: 0, points: 0 };
      sums.set(at, { kwh: sum.kwh + mean, points: sum.points + 1 });
    }
  return new Map([...sums].filter(([, sum]) => sum.points === points.length).map(([at, { kwh }]) => [at, kwh]));
} // prettier-ignore

/** Level sensors waver: a rise within an hour that is smaller than this part of all tanks is no delivery. */
const refillPart = 0.01;

/** Fuel in all tanks at the beginning and the end, what was delivered, and so what was used. */
export async function fuelOf({ model, historian }: Sources, { site, range, signal }: Asked): Promise<Fuel> {
  const tanks = model.devices.filter(
    (device) => device.site === site && (device.role === 'monthly-tank' || device.role === 'day-tank'),
  );
  const points = tanks.flatMap(({ points: own }) => own.filter(({ quantity, part }) => quantity === 'level' && part === undefined));
  const ratings = tanks.flatMap(({ rating }) => rating.litres ?? []);
  const capacityLitres = ratings.length === tanks.length && tanks.length > 0 ? ratings.reduce((sum, litres) => sum + litres, 0) : null;
  const found = points.length === 0 || range.from >= range.to ? new Map<string, Bucket[]>() : await historian.buckets(points.map(({ id }) => id), range, '1h', signal);
  const levels = new Map<number, { litres: number; tanks: number }>();
  for (const buckets of found.values())
    for (const { at, last } of buckets) {
      if (last === null) continue;
      const sum = levels.get(at) ?? { litres: 0, tanks: 0 };
      levels.set(at, { litres: sum.litres + last, tanks: sum.tanks + 1 });
    }
  const whole = [...levels].filter(([, level]) => level.tanks === points.length).sort(([a], [b]) => a - b).map(([, { litres }]) => litres);
  const totalHours = (range.to - range.from) / hourMs;
  return {
    ...fuelBalance(whole, capacityLitres),
    capacityLitres,
    coverage: totalHours > 0 ? Math.floor((10_000 * whole.length) / totalHours) / 100 : 0,
  };
} // prettier-ignore

/** Pure: hourly litres of all tanks together → what was there, delivered and used. */
function fuelBalance(
  levels: readonly number[],
  capacityLitres: number | null,
): Pick<Fuel, 'usedLitres' | 'refilledLitres' | 'startLitres' | 'endLitres'> {
  const start = levels[0];
  const end = levels.at(-1);
  if (start === undefined || end === undefined)
    return { usedLitres: null, refilledLitres: null, startLitres: null, endLitres: null };
  const least = refillPart * (capacityLitres ?? Math.max(...levels));
  const refilled = levels.reduce((sum, litres, place) => {
    const rise = litres - (levels[place - 1] ?? litres);
    return rise > least ? sum + rise : sum;
  }, 0);
  return {
    usedLitres: Math.max(0, Math.round(start + refilled - end)),
    refilledLitres: Math.round(refilled),
    startLitres: Math.round(start),
    endLitres: Math.round(end),
  };
}
