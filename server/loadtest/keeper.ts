import type { Logger } from 'pino';
import type { Model, Site } from '../../config/model.ts';
import type { LoadTestProfile } from '../../config/schema/loadtest.ts';
import type { Clock } from '../../core/clock.ts';
import type { Historian, Range } from '../historian/historian.ts';
import { noSamples, samplesIn } from '../historian/sample-columns.ts';
import { factsOfPoint } from '../historian/facts.ts';
import { loadTestPin } from '../pins/pins.ts';
import { isSign, signIds } from './activity.ts';
import { figuresOf } from './figures.ts';
import { identityOf } from './identity.ts';
import { judge } from './judge.ts';
import { periodOf } from './period.ts';
import { recognise, type Recognised } from './recognise.ts';
import type { LoadTestRepository, NewRun } from './repository.ts';
import type { SiteRoles } from './roles.ts';
import type { Trace } from './signal.ts';
import { roleIds, viewOf } from './view.ts';

const minuteMs = 60_000;
/** Readings before and after a run: the state of things before it, and the rest after it. */
const marginMs = 5 * minuteMs;
/** A sign that follows so soon belongs to the same look. */
const oneLookMs = 3 * marginMs;
/** More readings of one point than a day at one a second. */
const mostReadings = 90_000;
/** What was seen of a run's end after it was put on record: less is the same end, seen again. */
const sameEndMs = 1_000;

export interface SitePlant {
  readonly site: Site;
  readonly roles: SiteRoles;
}

/** A run that was put on record. */
export interface KeptRun {
  readonly id: string;
  readonly recognised: Recognised;
  readonly isCompleted: boolean;
}

/** What a look at the stored readings found. */
interface Looked {
  readonly kept: readonly KeptRun[];
  /** A run goes on, or its end is not certain. */
  readonly isOpen: boolean;
}

export interface RunKeeper {
  /** Judges the runs that ended in a time and puts them on record, each once; one that went on after it was, again as a revision. */
  look(plant: SitePlant, window: Range, signal?: AbortSignal): Promise<Looked>;
  /** Finds in the stored minutes of a range where there is something to look at. */
  lookBack(plant: SitePlant, range: Range, signal?: AbortSignal): Promise<Looked>;
  /** Judges a run on record again, by the readings and the configuration of now. Undefined: its readings show no such run. */
  rejudge(plant: SitePlant, id: string, correction: { readonly by: string; readonly reason: string }): Promise<KeptRun | undefined>;
  /** Whether the store has the reading of this point and time. */
  isStored(point: string, at: number): Promise<boolean>;
  /** Every reading of a run and around it that plays a role. */
  readings(roles: SiteRoles, range: Range, signal?: AbortSignal): Promise<Map<string, Trace>>;
} // prettier-ignore

/** Reads the runs of a site from the store, judges them and keeps the result. */
export function createRunKeeper(options: {
  readonly model: Model;
  readonly profile: LoadTestProfile;
  readonly historian: Pick<Historian, 'raw' | 'rawColumns' | 'buckets' | 'pin'>;
  readonly repository: LoadTestRepository;
  readonly newId: (at: number) => string;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}): RunKeeper {
  const { model, profile, historian, repository, newId, clock, log } = options;

  async function readings(roles: SiteRoles, range: Range, signal?: AbortSignal): Promise<Map<string, Trace>> {
    const points = roleIds(roles).flatMap((id) => model.pointById.get(id) ?? []);
    const found = await historian.rawColumns(points.map(({ id }) => id), range, mostReadings, signal);
    return new Map(points.map((point) => [point.id, { samples: samplesIn(found.get(point.id) ?? noSamples), holdMs: factsOfPoint(point).holdMs }]));
  } // prettier-ignore

  async function rowOf(
    { site, roles }: SitePlant,
    id: string,
    { recognised, raw }: { readonly recognised: Recognised; readonly raw: Map<string, Trace> },
  ): Promise<NewRun> {
    const { run } = recognised;
    const now = clock.now();
    const ends = run.to ?? now;
    const period = periodOf(run.from, site.standard.loadTest.everyMonths);
    const others = (await repository.completed(site.id, period)).filter((each) => each.id !== id);
    const figures = figuresOf(roles, recognised, profile);
    const judgement = judge({
      roles, recognised, figures, profile,
      standard: site.standard,
      period: { ...period, isFulfilled: others.length > 0 },
      now,
    });
    const content = viewOf({ id, identity: identityOf(model, site, roles), roles, recognised, figures, judgement, profile, madeAt: now, raw });
    await historian.pin(loadTestPin(id, { points: roleIds(roles), range: { from: run.from, to: ends } }));
    return {
      id, site: site.id, from_at: run.from, to_at: ends,
      label: run.label.label, why: run.label.why, verdict: judgement.verdict,
      completed: judgement.criteria.some(({ name, verdict }) => name === 'completed' && verdict === 'pass') ? 1 : 0,
      made_at: now,
      content: JSON.stringify(content),
    };
  } // prettier-ignore

  async function runsIn({ site, roles }: SitePlant, window: Range, signal?: AbortSignal) {
    const now = clock.now();
    const earlier = { from: window.from - profile.recognition.mergeWithin, to: window.from };
    // An attempt soon after a run belongs to it.
    const from = (await repository.touching(site.id, earlier))?.from_at ?? window.from;
    const range = {
      from: Math.min(from, window.from) - marginMs,
      to: Math.min(now, window.to + 4 * marginMs) + 1,
    };
    const raw = await readings(roles, range, signal);
    const declarations = await repository.declarations(site.id, range);
    const until = Math.min(now, range.to);
    return { raw, runs: recognise(roles, raw, { settings: profile.recognition, declarations, until }) };
  }

  async function look(plant: SitePlant, window: Range, signal?: AbortSignal): Promise<Looked> {
    const { raw, runs } = await runsIn(plant, window, signal);
    const kept: KeptRun[] = [];
    for (const recognised of runs) {
      const { from, to, label } = recognised.run;
      if (to === null) continue;
      const known = await repository.touching(plant.site.id, { from, to });
      if (known !== undefined && to - known.to_at <= sameEndMs) continue;
      const id = known?.id ?? newId(clock.now());
      const row = await rowOf(plant, id, { recognised, raw });
      if (known === undefined) await repository.add(row);
      else await repository.revise(row, { by: null, reason: 'continued' });
      log.info(
        { site: plant.site.id, id, label: label.label, verdict: row.verdict },
        'a genset run is on record',
      );
      kept.push({ id, recognised, isCompleted: row.completed === 1 });
    }
    return { kept, isOpen: runs.some(({ run }) => run.to === null) };
  }

  return {
    look,
    readings,
    isStored: async (point, at) => (await historian.raw(point, { from: at, to: at + 1 }, 1)).length > 0,
    async lookBack(plant, range, signal) {
      const all: Looked[] = [];
      for (const window of await activeTimes(historian, plant.roles, range)) {
        const known = await repository.touching(plant.site.id, window);
        // Whole minutes: a run on record ends within the last one.
        if (known !== undefined && window.to - known.to_at <= minuteMs) continue;
        all.push(await look(plant, window, signal));
      }
      return { kept: all.flatMap(({ kept }) => kept), isOpen: all.some(({ isOpen }) => isOpen) };
    },
    async rejudge(plant, id, correction) {
      const known = await repository.row(id);
      if (known === undefined) return undefined;
      const window = { from: known.from_at, to: known.to_at };
      const { raw, runs } = await runsIn(plant, window);
      const recognised = runs.find(
        ({ run }) => run.to !== null && run.from <= window.to && run.to >= window.from,
      );
      if (recognised === undefined) return undefined;
      const row = await rowOf(plant, id, { recognised, raw });
      await repository.revise(row, correction);
      return { id, recognised, isCompleted: row.completed === 1 };
    },
  };
}

/** Minutes in which an engine turned, or delivered; those close together as one. */
async function activeTimes(
  historian: Pick<Historian, 'buckets'>,
  roles: SiteRoles,
  range: Range,
): Promise<Range[]> {
  const buckets = await historian.buckets(signIds(roles), range, '1m');
  const minutes = [...buckets.values()].flatMap((all) =>
    all.flatMap(({ at, max }) => (isSign(max) ? [at] : [])),
  );
  const times: { from: number; to: number }[] = [];
  for (const at of [...new Set(minutes)].sort((a, b) => a - b)) {
    const last = times.at(-1);
    if (last !== undefined && at - last.to <= oneLookMs) last.to = at + minuteMs;
    else times.push({ from: at, to: at + minuteMs });
  }
  return times;
}
