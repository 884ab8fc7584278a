import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { LoadTestProfile } from '../../config/schema/loadtest.ts';
import type { Clock } from '../../core/clock.ts';
import type { Reading } from '../../core/reading.ts';
import { createActivity, type Activity } from './activity.ts';
import type { KeptRun, RunKeeper, SitePlant } from './keeper.ts';
import { roleIds } from './view.ts';

/** A run that ended while the server was away, or whose readings came late, is found for so long after. */
const lookBackMs = 26 * 3_600_000;
/** How often that is looked for; more often while the end of a run is not certain. */
const lookBackEveryMs = 300_000;
const openEveryMs = 30_000;
/** After the last engine has stopped: everything has to rest for a second. */
const firstLookMs = 1_050;
/** How often the store is asked for the reading that ended a run, and for how long. */
const storedEveryMs = 150;
const storedWithinMs = 60_000;
/** What still arrives of the last readings of a run is stored as well. */
const evidenceAfterMs = 15_000;
/** Until the next look, doubled each time. */
const nextLookMs = 1_000;
/** So many looks until the look back has to do: four minutes, as another attempt is waited for three. */
const mostLooks = 8;

export interface RunWatch {
  accept(readings: readonly Reading[]): void;
  /** Looks for runs that have ended and are not on record yet. */
  look(signal?: AbortSignal): Promise<void>;
  isRunning(site: string): boolean;
  /** Whether every reading of this point is to be stored now: it plays a role in a run that goes on. */
  isEvidence(point: number): boolean;
  close(): Promise<void>;
}

interface Watched extends SitePlant {
  readonly activity: Activity;
  /** Monotonic; what comes until then belongs to the run that has ended. */
  evidenceUntil: number;
}

/**
 * Sees the end of a run in the readings as they arrive and has it judged from the store seconds later. What it misses — a restart in the
 * middle, readings that a collector delivers hours later — the look back finds.
 */
export function watchRuns(options: {
  readonly model: Model;
  readonly plants: readonly SitePlant[];
  readonly profile: LoadTestProfile;
  readonly keeper: RunKeeper;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called with every batch while a run goes on, and with the one that ends it. */
  readonly onActive: () => void;
  /** A run was put on record, as the readings showed its end. */
  readonly onKept: (plant: SitePlant, run: KeptRun) => Promise<void>;
}): RunWatch {
  const { model, plants, profile, keeper, clock, log, onActive, onKept } = options;
  const sites: Watched[] = plants.map((plant) => ({
    ...plant,
    activity: createActivity(plant.roles, model, profile.recognition),
    evidenceUntil: -Infinity,
  }));
  const siteOfPoint = new Map<number, Watched>();
  for (const watched of sites)
    for (const id of roleIds(watched.roles)) {
      const index = model.pointById.get(id)?.index;
      if (index !== undefined) siteOfPoint.set(index, watched);
    }
  const closing = new AbortController();
  const waking = new Set<string>();
  let failing = false;
  let isOpen = false;
  /** One look at a time: two of them would put one run on record twice. */
  let last: Promise<unknown> = Promise.resolve();

  function oneByOne<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  }

  async function guarded<Result>(
    work: () => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result | undefined> {
    try {
      const result = await work();
      if (failing) log.info('genset runs are recognised again');
      failing = false;
      return result;
    } catch (error) {
      if (signal?.aborted === true) return undefined;
      if (!failing) log.error({ err: error }, 'genset runs cannot be recognised; trying again');
      failing = true;
      return undefined;
    }
  }

  async function look(signal?: AbortSignal): Promise<void> {
    await guarded(async () => {
      let open = false;
      for (const plant of sites) {
        const now = clock.now();
        const found = await oneByOne(() =>
          keeper.lookBack(plant, { from: now - lookBackMs, to: now }, signal),
        );
        open ||= found.isOpen;
        for (const run of found.kept) await onKept(plant, run);
      }
      isOpen = open;
    }, signal);
  }

  /** Resolves once the store has the reading that ended a run; the readings before it were stored before it. */
  async function stored({ activity: { end } }: Watched, signal: AbortSignal): Promise<void> {
    const id = end === null ? undefined : model.points[end.point]?.id;
    if (end === null || id === undefined) return;
    const until = clock.monotonic() + storedWithinMs;
    const isThere = async (): Promise<boolean> =>
      (await keeper.isStored(id, end.at).catch(() => false)) || signal.aborted;
    while (!(await isThere()) && clock.monotonic() < until) await clock.sleep(storedEveryMs, signal);
  }

  /** The engines have stopped: reads the run as soon as the store has all of it. */
  async function wake(watched: Watched): Promise<void> {
    const { site, activity } = watched;
    if (waking.has(site.id)) return;
    waking.add(site.id);
    const { signal } = closing;
    await Promise.all([clock.sleep(firstLookMs, signal), stored(watched, signal)]);
    for (let looks = 0; looks < mostLooks && !signal.aborted && !activity.isActive; looks += 1) {
      const to = clock.now();
      const { since } = activity;
      const from = since === null ? to - lookBackMs : Math.max(since, to - lookBackMs);
      const found = await guarded(async () => {
        const looked = await oneByOne(() =>
          since === null
            ? keeper.lookBack(watched, { from, to }, signal)
            : keeper.look(watched, { from, to }, signal),
        );
        for (const run of looked.kept) await onKept(watched, run);
        return looked;
      }, signal);
      if (found !== undefined && (found.kept.length > 0 || !found.isOpen)) break;
      isOpen = true;
      await clock.sleep(nextLookMs * 2 ** looks, signal);
    }
    waking.delete(site.id);
  }

  const wakes = new Set<Promise<void>>();
  const looking = (async () => {
    const { signal } = closing;
    await clock.sleep(openEveryMs, signal);
    while (!signal.aborted) {
      await look(signal);
      await clock.sleep(isOpen ? openEveryMs : lookBackEveryMs, signal);
    }
  })();

  return {
    accept(readings) {
      const now = clock.monotonic();
      for (const watched of sites) {
        const hasEnded = watched.activity.accept(readings, now);
        if (hasEnded || watched.activity.isActive) onActive();
        if (hasEnded) {
          watched.evidenceUntil = now + evidenceAfterMs;
          const woken = wake(watched).finally(() => wakes.delete(woken));
          wakes.add(woken);
        }
      }
    },
    look,
    isRunning: (site) => sites.some((each) => each.site.id === site && each.activity.isActive),
    isEvidence(point) {
      const watched = siteOfPoint.get(point);
      if (watched === undefined) return false;
      return watched.activity.isActive || clock.monotonic() < watched.evidenceUntil;
    },
    async close() {
      closing.abort();
      await looking;
      await Promise.all(wakes);
    },
  };
}
