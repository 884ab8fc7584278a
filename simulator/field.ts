import type { Device, Model, Point } from '../config/model.ts';
import type { FeedName } from '../config/schema/common.ts';
import { faults, mergeFaults, type Faults } from './physics/faults.ts';
import { buildPlant, type Plant } from './physics/plant.ts';
import { initialState, isRackLive, stepSite, type SiteState } from './physics/site.ts';
import { courseOf, drills, type DrillName } from './drills/drills.ts';
import type { Course } from './drills/load-test.ts';
import type { Measured } from './values/place.ts';
import { readerOf } from './values.ts';

/** A site whose physics runs, and what is being drilled there. */
interface SiteRun {
  readonly plant: Plant;
  /** Rack PDUs by device key: they live on what they meter. */
  readonly pdus: ReadonlyMap<string, { readonly feed: FeedName; readonly rack: number }>;
  state: SiteState;
  readonly drills: Map<DrillName, DrillRun>;
  faults: Faults;
}

interface DrillRun {
  readonly startedAt: number;
  /** Time of the physics at its start, ms. */
  readonly fromMs: number;
  readonly faults: Faults;
  readonly course?: Course | undefined;
}

export interface RunningDrill {
  readonly name: DrillName;
  readonly site: string;
  readonly startedAt: number;
}

/** No site of that name is simulated. */
export class UnknownSiteError extends Error {
  constructor(site: string, known: readonly string[]) {
    super(`no site "${site}"; there are ${known.join(', ')}`);
    this.name = 'UnknownSiteError';
  }
}

/** A machine that slept for longer does not live through all of it again. */
const longestCatchUpMs = 900_000;

function pduPlaces({ racks, devices }: Plant): SiteRun['pdus'] {
  const indexOf = new Map(racks.map(({ rack }, index) => [rack.id, index]));
  return new Map(
    devices.flatMap(({ key, kind, feed, rack: id }) => {
      const rack = id === undefined ? undefined : indexOf.get(id);
      return kind === 'pdu' && feed !== undefined && rack !== undefined ? [[key, { feed, rack }]] : [];
    }),
  );
}

/** What a device reports about a point: a measurement, or how it fails to. */
type Answer = { readonly value: Measured } | { readonly broken: 'nothing' | 'nonsense' };
export type PointReader = () => Answer;

/** The sites' physics and drills, and the live values that devices speak from. */
export class Field {
  readonly #sites: ReadonlyMap<string, SiteRun>;

  constructor(model: Model, { seed, startAt }: { readonly seed: number; readonly startAt: number }) {
    this.#sites = new Map(
      model.sites.map(({ id }) => {
        const plant = buildPlant(model, id, seed);
        const state = initialState(plant, startAt);
        return [id, { plant, pdus: pduPlaces(plant), state, drills: new Map(), faults: faults() }];
      }),
    );
  }

  /** Moves every site to `now` (epoch ms) in steps of a second; after a long pause it jumps over the rest. */
  advance(now: number): void {
    for (const site of this.#sites.values()) {
      if (now - site.state.atMs > longestCatchUpMs)
        site.state = { ...site.state, atMs: now - longestCatchUpMs };
      while (now - site.state.atMs >= 1_000) {
        followCourses(site);
        site.state = stepSite(site.plant, site.state, { dtS: 1, faults: site.faults });
      }
    }
  }

  /** What is broken there just now. */
  faultsAt(site: string): Faults {
    return this.#run(site).faults;
  }

  stateOf(site: string): SiteState {
    return this.#run(site).state;
  }

  /** How a point of a device is read; the work is done once, the answer is of the moment. */
  reader(device: Device, point: Point): PointReader {
    const run = this.#run(device.site);
    const read = readerOf({ plant: run.plant, device, point });
    return () => {
      const { state } = run;
      if (!state.faults.nonsense.has(device.key)) return { value: read(state) };
      return { broken: Math.floor(state.atMs / 15_000) % 2 === 0 ? 'nonsense' : 'nothing' };
    };
  }

  /** Whether a device neither answers nor publishes: it is cut off, or a rack PDU without power for its network card. */
  isSilent(device: Device): boolean {
    const { plant, state, faults: now, pdus } = this.#run(device.site);
    if (now.silent.has(device.key)) return true;
    const place = pdus.get(device.key);
    return place !== undefined && !isRackLive(plant, state, place);
  }

  /** Starting what runs, or stopping what does not, changes nothing. Throws UnknownSiteError. */
  startDrill(name: DrillName, site: string, startedAt: number, minutes?: number): void {
    const run = this.#run(site);
    if (run.drills.has(name)) return;
    run.drills.set(name, {
      startedAt,
      fromMs: run.state.atMs,
      faults: drills[name](run.plant),
      course: courseOf(name, run.plant, minutes),
    });
    mergeDrills(run);
  }

  stopDrill(name: DrillName, site: string): void {
    const run = this.#run(site);
    run.drills.delete(name);
    mergeDrills(run);
  }

  running(): RunningDrill[] {
    return [...this.#sites].flatMap(([site, { drills: running }]) =>
      [...running].map(([name, { startedAt }]) => ({ name, site, startedAt })),
    );
  }

  #run(site: string): SiteRun {
    const run = this.#sites.get(site);
    if (run === undefined) throw new UnknownSiteError(site, [...this.#sites.keys()]);
    return run;
  }
}

function mergeDrills(run: SiteRun): void {
  run.faults = mergeFaults([...run.drills.values()].map((drill) => drill.faults));
}

/** What the drills with a course break now; one that is over ends. */
function followCourses(run: SiteRun): void {
  const courses = [...run.drills].filter(([, { course }]) => course !== undefined);
  if (courses.length === 0) return;
  for (const [name, drill] of courses) {
    const now = drill.course?.((run.state.atMs - drill.fromMs) / 1_000) ?? null;
    if (now === null) run.drills.delete(name);
    else run.drills.set(name, { ...drill, faults: now });
  }
  mergeDrills(run);
}
