import type { Model } from '../../config/model.ts';
import type { Historian, Range } from '../historian/historian.ts';
import type { SupplyPlan } from './plan.ts';
import { derivedPoint, pointOf } from './readings.ts';
import type { HallCooling } from './solver.ts';
import { fitThermal, type NoModel, type ThermalMinute, type ThermalModel } from './thermal.ts';

/** How far back hours in which a PAC was out are looked for. */
const searchDays = 90;
const hourMs = 3_600_000;
/** Hours with a PAC out that a model is fitted from at most, the latest first; a whole season of minutes adds nothing. */
const mostHours = 36;
/** Hours of the present, which say how the hall is when nothing is out. */
const calmHours = 6;

/**
 * Fits a hall's thermal model from what is stored: the minutes of the hours in which not all of its PACs ran, and of the last hours. Rejects only when the
 * historian does.
 */
export async function readThermal(
  { model, plan, hall }: { readonly model: Model; readonly plan: SupplyPlan; readonly hall: HallCooling },
  { historian, now }: { readonly historian: Pick<Historian, 'buckets'>; readonly now: number },
): Promise<ThermalModel | NoModel> {
  const devices = hall.pacs.map((pac) => plan.nodes[pac]?.device);
  const states = devices.flatMap((device) => pointOf(device, 'system-state') ?? []);
  const used = devices.flatMap((device) => pointOf(device, 'cooling-capacity') ?? []);
  const [mean, heat] = [
    derivedPoint(model, `${hall.hall}/temperature-mean`),
    derivedPoint(model, `${hall.hall}/power`),
  ];
  if (
    mean === undefined ||
    heat === undefined ||
    states.length < devices.length ||
    used.length < devices.length
  )
    return 'no-history';
  const offCodes = new Set(
    [...(states[0]?.states ?? [])].flatMap(([code, name]) => (name === 'off' ? [code] : [])),
  );
  const stateIds = states.map(({ id }) => id);

  const hours = new Set<number>();
  const begin = Math.floor(now / hourMs) * hourMs;
  for (let back = 0; back <= calmHours; back += 1) hours.add(begin - back * hourMs);
  const byHour = await historian.buckets(stateIds, { from: now - searchDays * 24 * hourMs, to: now }, '1h');
  const excited = [...byHour.values()]
    .flatMap((buckets) => buckets)
    .filter(({ states: times }) => [...(times ?? [])].some(([code, ms]) => offCodes.has(code) && ms > 60_000))
    .map(({ at }) => at);
  for (const at of [...new Set(excited)].sort((a, b) => b - a).slice(0, mostHours)) {
    hours.add(at);
    // The hour after it shows how the hall cools again.
    hours.add(at + hourMs);
  }
  const ids = [...stateIds, ...used.map(({ id }) => id), mean.id, heat.id];
  const minutes: ThermalMinute[] = [];
  for (const range of joined([...hours].sort((a, b) => a - b))) {
    const found = await historian.buckets(ids, range, '1m');
    const by = (id: string) => new Map((found.get(id) ?? []).map((bucket) => [bucket.at, bucket]));
    const [means, heats] = [by(mean.id), by(heat.id)];
    const stateBuckets = stateIds.map(by);
    const usedBuckets = used.map(({ id }) => by(id));
    for (const [at, bucket] of means) {
      const heatKw = heats.get(at)?.mean ?? null;
      const running = stateBuckets.map((buckets) => runningShare(buckets.get(at)?.states, offCodes));
      const shares = usedBuckets.map((buckets) => buckets.get(at)?.mean ?? null);
      if (bucket.mean === null || heatKw === null || running.includes(null) || shares.includes(null))
        continue;
      minutes.push({
        at,
        meanC: bucket.mean,
        heatKw,
        running: running.reduce<number>((sum, share) => sum + (share ?? 0), 0),
        used: shares.reduce<number>((sum, share) => sum + (share ?? 0), 0) / (100 * shares.length),
      });
    }
  }
  return fitThermal(
    minutes.sort((a, b) => a.at - b.at),
    hall.pacs.length,
  );
}

/** Share of the time that is known; null: nothing is. */
function runningShare(
  times: ReadonlyMap<number, number> | null | undefined,
  offCodes: ReadonlySet<number>,
): number | null {
  let [off, all] = [0, 0];
  for (const [code, ms] of times ?? []) {
    all += ms;
    if (offCodes.has(code)) off += ms;
  }
  return all === 0 ? null : 1 - off / all;
}

/** Hours that follow one another as one range. */
function joined(hours: readonly number[]): Range[] {
  const ranges: { from: number; to: number }[] = [];
  for (const at of hours) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to === at) last.to = at + hourMs;
    else ranges.push({ from: at, to: at + hourMs });
  }
  return ranges;
}
