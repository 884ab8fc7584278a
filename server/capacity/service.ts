import type { Logger } from 'pino';
import { siteIds } from '../../config/lookup.ts';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type {
  AccuracyView,
  CapacitySiteView,
  PredictionView,
  TrendView,
  WhatIfView,
} from '../contracts/capacity.ts';
import type { Historian } from '../historian/historian.ts';
import type { CurrentValues } from '../pipeline/current.ts';
import { accuracyOf } from './accuracy.ts';
import { hallCooling } from './consequences.ts';
import { elementsOf } from './elements.ts';
import { emptyView } from './empty-view.ts';
import { watchEvents } from './events.ts';
import { readThermal } from './halls.ts';
import { loadPoints, outNow } from './loads.ts';
import { supplyPlan } from './plan.ts';
import { predictionView } from './prediction-view.ts';
import { derivedPoint, readingsOf } from './readings.ts';
import { recomputed } from './recompute.ts';
import type { PredictionRepository } from './repository.ts';
import { surroundings, warmingFor, type SiteCapacity } from './site.ts';
import type { NoModel, ThermalModel } from './thermal.ts';
import { trendOf } from './trend.ts';
import { usageOf } from './usage.ts';
import { whatIfView } from './view.ts';
import type { SiteFilter } from '../../core/site-filter.ts';

export interface Capacity {
  /** Undefined: no such site. `at` is null until it was computed for the first time. */
  site(site: string): CapacitySiteView | undefined;
  /** From the loads of this moment. Throws UnknownElements. */
  whatIf(site: string, keys: readonly string[]): WhatIfView;
  trends(site: string, signal?: AbortSignal): Promise<TrendView[]>;
  predictions(filter: {
    readonly site?: SiteFilter | undefined;
    readonly before?: string | undefined;
    readonly limit: number;
  }): Promise<PredictionView[]>;
  /** How far off the latest predictions were. */
  accuracy(site: SiteFilter | undefined): Promise<AccuracyView[]>;
  /** Once a second. */
  tick(): void;
  close(): Promise<void>;
}

/** Names that are no elements of the site. */
export class UnknownElements extends Error {
  override readonly name = 'UnknownElements';
  readonly keys: readonly string[];
  readonly known: readonly string[];
  constructor(keys: readonly string[], known: readonly string[]) {
    super(`unknown: ${keys.join(', ')}`);
    this.keys = keys;
    this.known = known;
  }
}

interface Options {
  readonly model: Model;
  readonly current: CurrentValues;
  readonly historian: Pick<Historian, 'buckets'>;
  readonly repository: PredictionRepository;
  readonly newId: (at: number) => string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Loads move by the second, and consequences with them; a page that is 15 s old is fresh. */
const everyMs = 15_000;
/** While nobody has asked for so long, once a minute is enough. */
const askedForMs = 120_000;
const unaskedEveryMs = 60_000;
/** Before, most loads are not read yet. */
const firstAfterMs = 10_000;
/** The picture from before an event must be older than the slowest meter takes to show it. */
const beforeMs = 30_000;
const thermalEveryMs = 6 * 3_600_000;
const firstThermalMs = 60_000;
const trendDays = 365;
/** Events that the accuracy is taken from. */
const mostCompared = 100;

/** Recomputes every site's what-ifs while the rest of the server works, and answers from them. */
export function createCapacity(options: Options): Capacity {
  const { model, current, historian, repository, clock, log } = options;
  const closing = new AbortController();
  const sites = new Map(siteIds(model).map((id) => [id, openSite(id)]));
  let work: Promise<void> = Promise.resolve();
  let isWorking = false;
  let computedAt = clock.monotonic() + firstAfterMs - unaskedEveryMs;
  let askedAt = -Infinity;
  let thermalAt = clock.monotonic() + firstThermalMs;

  function openSite(id: string): SiteCapacity {
    const plan = supplyPlan(model, id);
    const elements = elementsOf(model, plan);
    const thermal = new Map<string, ThermalModel | NoModel>();
    const watch = watchEvents({
      model, elements, repository, clock,
      newId: options.newId,
      thermal: (hall) => fitted(thermal.get(hall)),
      onError: (error) => log.error({ err: error }, 'a capacity prediction cannot be written'),
    }); // prettier-ignore
    return {
      id,
      plan,
      points: loadPoints(model, plan),
      elements,
      watch,
      thermal,
      pictures: [],
      view: emptyView(model, { elements, plan }),
    };
  }

  async function fitAll(): Promise<void> {
    for (const site of sites.values())
      for (const hall of hallCooling(model, site.plan, readingsOf(current))) {
        if (closing.signal.aborted) return;
        site.thermal.set(
          hall.hall,
          await readThermal({ model, plan: site.plan, hall }, { historian, now: clock.now() }),
        );
      }
  }

  function start(task: () => Promise<void>, what: string): void {
    isWorking = true;
    work = task()
      .catch((error: unknown) => log.error({ err: error }, what))
      .finally(() => {
        isWorking = false;
      });
  }

  /** The loads as they are, of a site where nothing is going on: else they are no "before". */
  function picture(site: SiteCapacity, out: ReadonlySet<number>, now: number): void {
    const readings = readingsOf(current);
    const around = surroundings(model, site, readings);
    const perHall = (quantity: string): Map<string, number> =>
      new Map(
        around.halls.flatMap(({ hall }) => {
          const value = readings.value(derivedPoint(model, `${hall}/${quantity}`));
          return value === undefined ? [] : [[hall, value] as const];
        }),
      );
    const before = {
      around,
      out: new Set([...out, ...around.loads.uncertain]),
      hallC: perHall('temperature-mean'),
      hallKw: perHall('power'),
    };
    const isOld = ({ since }: { readonly since: number }): boolean => now - since >= beforeMs;
    const keepFrom = site.pictures.findLastIndex(isOld);
    site.pictures = [...site.pictures.slice(Math.max(0, keepFrom)), { since: now, before }];
  }

  const ended = repository
    .endAll(clock.now())
    .catch((error: unknown) => log.error({ err: error }, 'predictions of before the start cannot be ended'));

  return {
    site(id) {
      askedAt = clock.monotonic();
      return sites.get(id)?.view;
    },
    whatIf(id, keys) {
      const site = sites.get(id);
      if (site === undefined) throw new RangeError(`no site ${id}`);
      const elements = site.elements.filter(({ key }) => keys.includes(key));
      const unknown = keys.filter((key) => !elements.some((element) => element.key === key));
      if (unknown.length > 0)
        throw new UnknownElements(
          unknown,
          site.elements.map(({ key }) => key),
        );
      const readings = readingsOf(current);
      return whatIfView(surroundings(model, site, readings), elements, {
        warming: warmingFor(model, site, readings),
        at: clock.now(),
      });
    },
    async trends(id, signal) {
      const site = sites.get(id);
      if (site === undefined) return [];
      const now = clock.now();
      const usage = usageOf(surroundings(model, site, readingsOf(current))).flatMap((row) =>
        row.kind === 'row' ? [] : [{ ...row, kind: row.kind }],
      );
      const ids = new Map(usage.map((row) => [row.key, trendPoint(row)]));
      const buckets = await historian.buckets(
        [...ids.values()],
        { from: now - trendDays * 86_400_000, to: now },
        '1d',
        signal,
      );
      return usage.map(({ key, kind, name, limitKw }) => ({
        key, kind, name, limitKw,
        ...trendOf(buckets.get(ids.get(key) ?? '') ?? [], { limitKw, now }),
      })); // prettier-ignore
    },
    async predictions(filter) {
      await ended;
      return (await repository.list(filter)).map((row) => predictionView(model, row));
    },
    async accuracy(site) {
      await ended;
      return accuracyOf(
        (await repository.list({ site, limit: mostCompared })).map((row) => predictionView(model, row)),
      );
    },
    tick() {
      const now = clock.monotonic();
      const readings = readingsOf(current);
      for (const site of sites.values()) {
        const before = site.pictures.find(({ since }) => now - since >= beforeMs)?.before;
        site.watch.observe({ out: outNow(site.points, readings), readings, before });
        // Once something has failed, the loads of before are no picture of what comes after it.
        if (!site.watch.isQuiet()) site.pictures = [];
      }
      // One site at a time: reading the loads of all would hold the event loop.
      const due = [...sites.values()].find(
        (site) => site.watch.isQuiet() && now - (site.pictures.at(-1)?.since ?? -Infinity) >= beforeMs / 3,
      );
      if (due !== undefined) picture(due, outNow(due.points, readings), now);
      if (isWorking || closing.signal.aborted) return;
      if (now >= thermalAt) {
        thermalAt = now + thermalEveryMs;
        start(fitAll, 'the thermal models cannot be fitted');
      } else if (now - computedAt >= (now - askedAt < askedForMs ? everyMs : unaskedEveryMs)) {
        computedAt = now;
        start(async () => {
          for (const site of sites.values()) {
            const { signal } = closing;
            const view = await recomputed(site, { model, readings: readingsOf(current), clock, signal });
            if (view !== undefined) site.view = view;
          }
        }, 'capacity cannot be computed');
      }
    },
    async close() {
      closing.abort();
      await work;
      await ended;
      for (const site of sites.values()) await site.watch.close();
    },
  };
}

function fitted(found: ThermalModel | NoModel | undefined): ThermalModel | undefined {
  return typeof found === 'object' ? found : undefined;
}

function trendPoint({ key, kind }: { readonly key: string; readonly kind: TrendView['kind'] }): string {
  if (kind === 'site') return `${key}/site/power`;
  if (kind === 'room') return `${key}/power`;
  const [site = '', feed = ''] = key.split('/panel:');
  return `${site}/site/${feed.toLowerCase()}/load-after-loss`;
}
