import { leastSquares } from './regression.ts';

/** A hall for a minute. */
export interface ThermalMinute {
  readonly at: number;
  /** Mean of its inlet and room sensors, °C. */
  readonly meanC: number;
  readonly heatKw: number;
  /** PACs that run: a PAC that ran half of the minute counts a half. */
  readonly running: number;
  /** Of the capacity of all its PACs together, 0 … 1, what they use. */
  readonly used: number;
}

/**
 * A first-order model of a hall: its mean temperature T moves towards an equilibrium that rises with the heat on each running PAC, and with the
 * heat that the running PACs cannot take: T' = a + b·T + c·(heat ÷ running share) + d·(heat not taken).
 */
export interface ThermalModel {
  readonly a: number;
  /** 1/min, negative. */
  readonly b: number;
  readonly c: number;
  /** °C/min for each kW; undefined: the history holds no such minutes. */
  readonly d: number | undefined;
  readonly pacs: number;
  /** What one PAC takes at its most, kW. */
  readonly pacKw: number;
  /** Root mean square of what the model said against what was measured, over the runs that it was fitted from, °C. */
  readonly errorC: number;
  readonly minutes: number;
  readonly from: number;
  readonly to: number;
  /** The fewest PACs it has seen running. */
  readonly leastRunning: number;
}

/** Why there is none. `calm`: no PAC was ever out while it was recorded, so nothing shows how the hall warms. */
export type NoModel = 'no-history' | 'calm' | 'no-fit';

/** Fewer minutes than these with a PAC out are a hiccup. */
const leastExcited = 10;
const leastMinutes = 60;
/** One step of the fit, minutes: the sensors' own steps of 0.1 °C would drown a minute's change. */
const stepMinutes = 3;
/** With no PAC running some air still moves. */
const leastShare = 0.05;

export function fitThermal(minutes: readonly ThermalMinute[], pacs: number): ThermalModel | NoModel {
  if (minutes.length < leastMinutes) return 'no-history';
  const excited = minutes.filter(({ running }) => running < pacs - 0.5);
  if (excited.length < leastExcited) return 'calm';
  const pacKw = capacityOf(minutes, pacs);
  if (pacKw === undefined) return 'no-fit';
  const hasDeficit = minutes.filter((minute) => deficitKw(minute, pacKw) > 0).length >= leastExcited / 2;
  const rows: number[][] = [];
  const rises: number[] = [];
  const byTime = new Map(minutes.map((minute) => [minute.at, minute]));
  for (const minute of minutes) {
    const later = byTime.get(minute.at + stepMinutes * 60_000);
    if (later === undefined) continue;
    rows.push([1, ...terms(minute, { pacs, pacKw, hasDeficit })]);
    rises.push((later.meanC - minute.meanC) / stepMinutes);
  }
  const fit = leastSquares(rows, rises);
  const [a, b, c, d] = fit?.coefficients ?? [];
  // A hall that cools by itself the hotter it is loaded, or runs away from every equilibrium, is no hall.
  if (
    a === undefined ||
    b === undefined ||
    c === undefined ||
    b >= 0 ||
    c <= 0 ||
    (d !== undefined && d <= 0)
  )
    return 'no-fit';
  const partial = {
    a, b, c, d, pacs, pacKw,
    minutes: minutes.length,
    from: minutes[0]?.at ?? 0,
    to: minutes.at(-1)?.at ?? 0,
    leastRunning: Math.min(...minutes.map(({ running }) => running)),
  }; // prettier-ignore
  return { ...partial, errorC: replayError({ ...partial, errorC: 0 }, minutes) };
}

function terms(
  { meanC, heatKw, running }: Pick<ThermalMinute, 'meanC' | 'heatKw' | 'running'>,
  {
    pacs,
    pacKw,
    hasDeficit,
  }: { readonly pacs: number; readonly pacKw: number; readonly hasDeficit: boolean },
): number[] {
  const load = heatKw / Math.max(leastShare, running / pacs);
  return hasDeficit ? [meanC, load, deficitKw({ heatKw, running }, pacKw)] : [meanC, load];
}

function deficitKw({ heatKw, running }: Pick<ThermalMinute, 'heatKw' | 'running'>, pacKw: number): number {
  return Math.max(0, heatKw - running * pacKw);
}

/** What a PAC takes, from calm minutes: the heat of the hall over what all of them say they use. */
function capacityOf(minutes: readonly ThermalMinute[], pacs: number): number | undefined {
  const each = minutes
    .filter(({ used, running }) => used > 0.1 && used < 0.98 && running > pacs - 0.5)
    .map(({ heatKw, used }) => heatKw / (used * pacs))
    .sort((x, y) => x - y);
  return each[Math.floor(each.length / 2)];
}

/** The rise of a minute, °C. */
function rise(model: ThermalModel, minute: Pick<ThermalMinute, 'meanC' | 'heatKw' | 'running'>): number {
  const { a, b, c, d, pacs, pacKw } = model;
  const [meanC = 0, load = 0, deficit = 0] = terms(minute, { pacs, pacKw, hasDeficit: true });
  return a + b * meanC + c * load + (d ?? 0) * deficit;
}

/** Runs are followed from their first minute without looking at what was measured after it; a gap begins a new run. */
function replayError(model: ThermalModel, minutes: readonly ThermalMinute[]): number {
  let squares = 0;
  let compared = 0;
  let followed = Number.NaN;
  let last: ThermalMinute | undefined;
  let sinceStart = 0;
  for (const minute of minutes) {
    const isNext = last !== undefined && minute.at - last.at === 60_000 && sinceStart < 60;
    if (last === undefined || !isNext) {
      followed = minute.meanC;
      sinceStart = 0;
    } else {
      followed += rise(model, { ...last, meanC: followed });
      squares += (followed - minute.meanC) ** 2;
      compared += 1;
      sinceStart += 1;
    }
    last = minute;
  }
  return compared === 0 ? Number.NaN : Math.sqrt(squares / compared);
}

interface Warming {
  /** Null: never, at this heat. */
  readonly minutesTo: (limitC: number) => number | null;
  /** °C after so many minutes. */
  readonly after: (minutes: number) => number;
}

/** Nothing is said about a day ahead: the load changes before. */
const longestMinutes = 24 * 60;

/** How a hall warms with these PACs running; `beyond`: fewer than were ever seen, so the model does not say. */
export function warmingOf(
  model: ThermalModel,
  now: { readonly meanC: number; readonly heatKw: number; readonly running: number },
): Warming | 'beyond' {
  const needsDeficit = deficitKw(now, model.pacKw) > 0;
  if (now.running < model.leastRunning - 0.75 || (needsDeficit && model.d === undefined)) return 'beyond';
  const temperatures = [now.meanC];
  for (let minute = 1; minute <= longestMinutes; minute += 1) {
    const before = temperatures[minute - 1] ?? now.meanC;
    temperatures.push(before + rise(model, { ...now, meanC: before }));
  }
  return {
    minutesTo(limitC) {
      const at = temperatures.findIndex((temperature) => temperature >= limitC);
      return at === -1 ? null : at;
    },
    after: (minutes) => temperatures[Math.min(longestMinutes, Math.max(0, Math.round(minutes)))] ?? now.meanC,
  };
}
