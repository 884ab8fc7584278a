import type { Logger } from 'pino';
import type { Model, Site } from '../../config/model.ts';
import type { LoadTestProfile } from '../../config/schema/loadtest.ts';
import type { Clock } from '../../core/clock.ts';
import { repeat } from '../../core/repeat.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import type { CompletedTest } from '../compliance/modules.ts';
import type { LoadTestDueView, LoadTestSummary, LoadTestView } from '../contracts/load-tests.ts';
import type { Historian, Range } from '../historian/historian.ts';
import { factsOfPoint } from '../historian/facts.ts';
import { loadTestPin } from '../pins/pins.ts';
import { dueOf } from './due.ts';
import { figuresOf } from './figures.ts';
import { judge } from './judge.ts';
import { periodOf } from './period.ts';
import { recognise, type Recognised } from './recognise.ts';
import { summaryOf, type LoadTestRepository } from './repository.ts';
import { siteRoles, type Genset, type SiteRoles } from './roles.ts';
import type { Trace } from './signal.ts';
import { roleIds, viewOf } from './view.ts';

export interface LoadTests {
  list(filter: { readonly site?: string | undefined; readonly before?: number | undefined; readonly limit: number }): Promise<LoadTestSummary[]>;
  get(id: string): Promise<LoadTestView | undefined>;
  /** Tests that were run to their end, for the compliance page. */
  completed(site: string, range: Range): Promise<CompletedTest[]>;
  /** For every site: the last test that was run to its end, and when the next one is due. */
  due(): Promise<LoadTestDueView[]>;
  /** Looks for runs that have ended and are not on record yet. */
  look(signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
} // prettier-ignore

const minuteMs = 60_000;
const lookEveryMs = 30_000;
/** A run that ended while the server was away is found for so long after. */
const lookBackMs = 26 * 60 * minuteMs;
/** Readings before and after a run: the state of things before it, and the rest after it. */
const marginMs = 5 * minuteMs;
/** More readings of one point than a day at one a second. */
const mostReadings = 90_000;

/**
 * Finds the genset runs of every site in what is stored, judges them and keeps the result. All state is in the store: a server that was
 * away in the middle of a run finds it afterwards like any other.
 */
export function openLoadTests(options: {
  readonly model: Model;
  readonly profile: LoadTestProfile;
  readonly historian: Pick<Historian, 'raw' | 'buckets' | 'pin'>;
  readonly repository: LoadTestRepository;
  readonly newId: (at: number) => string;
  readonly clock: Clock;
  readonly log: Logger;
}): LoadTests {
  const { model, profile, historian, repository, newId, clock, log } = options;
  const sites = model.sites.map((site) => ({ site, roles: siteRoles(model, site.id) }));
  let failing = false;

  async function read(roles: SiteRoles, range: Range, signal?: AbortSignal): Promise<Map<string, Trace>> {
    const traces = new Map<string, Trace>();
    for (const id of roleIds(roles)) {
      signal?.throwIfAborted();
      const point = model.pointById.get(id);
      if (point === undefined) continue;
      traces.set(id, { samples: await historian.raw(id, range, mostReadings), holdMs: factsOfPoint(point).holdMs });
    }
    return traces;
  } // prettier-ignore

  async function keep(site: Site, roles: SiteRoles, found: { readonly recognised: Recognised; readonly raw: Map<string, Trace> }): Promise<void> {
    const { recognised, raw } = found;
    const { run } = recognised;
    const now = clock.now();
    const ends = run.to ?? now;
    const period = periodOf(run.from, site.standard.loadTest.everyMonths);
    const others = await repository.completed(site.id, period);
    const figures = figuresOf(roles, recognised, profile);
    const judgement = judge({
      roles, recognised, figures, profile,
      standard: site.standard,
      period: { ...period, isFulfilled: others.length > 0 },
      now,
    });
    const id = newId(now);
    const content = viewOf({ id, roles, recognised, figures, judgement, profile, madeAt: now, raw });
    await historian.pin(loadTestPin(id, { points: roleIds(roles), range: { from: run.from, to: ends } }));
    await repository.add({
      id, site: site.id, from_at: run.from, to_at: ends,
      label: run.label.label, why: run.label.why, verdict: judgement.verdict,
      completed: judgement.criteria.some(({ name, verdict }) => name === 'completed' && verdict === 'pass') ? 1 : 0,
      made_at: now,
      content: JSON.stringify(content),
    });
    log.info({ site: site.id, id, label: run.label.label, verdict: judgement.verdict }, 'a genset run is on record');
  } // prettier-ignore

  async function lookAt({ site, roles }: (typeof sites)[number], signal?: AbortSignal): Promise<void> {
    const now = clock.now();
    for (const window of await activeTimes(historian, roles, { from: now - lookBackMs, to: now })) {
      if (await repository.knows(site.id, window)) continue;
      const range = { from: window.from - marginMs, to: Math.min(now, window.to + 4 * marginMs) + 1 };
      const raw = await read(roles, range, signal);
      const declarations = await repository.declarations(site.id, range);
      const runs = recognise(roles, raw, { settings: profile.recognition, declarations, until: Math.min(now, range.to) });
      for (const recognised of runs)
        if (recognised.run.to !== null && !(await repository.knows(site.id, { from: recognised.run.from, to: recognised.run.to })))
          await keep(site, roles, { recognised, raw });
    }
  } // prettier-ignore

  async function look(signal?: AbortSignal): Promise<void> {
    try {
      for (const each of sites) await lookAt(each, signal);
      if (failing) log.info('genset runs are recognised again');
      failing = false;
    } catch (error) {
      if (signal?.aborted === true) return;
      if (!failing) log.error({ err: error }, 'genset runs cannot be recognised; trying again');
      failing = true;
    }
  }

  async function dueAt(site: Site): Promise<LoadTestDueView> {
    const now = clock.now();
    const { everyMonths, clause } = site.standard.loadTest;
    const last = await repository.latestCompleted(site.id, now);
    const { by, daysSince, daysLeft } = dueOf(last?.from_at ?? null, everyMonths, now);
    return {
      site: site.id,
      everyMonths,
      clause,
      last: last === undefined ? null : { id: last.id, at: iso(last.from_at), verdict: last.verdict },
      daysSince,
      dueBy: isoOrNull(by),
      daysLeft,
    };
  }

  const looking = repeat(clock, { everyMs: lookEveryMs }, (signal) => look(signal));
  return {
    list: async (filter) => (await repository.list(filter)).map(summaryOf),
    get: (id) => repository.find(id),
    completed: async (site, range) =>
      (await repository.completed(site, range)).map(({ id, from_at, verdict }) => ({
        id,
        at: from_at,
        result: verdict,
      })),
    due: () => Promise.all(model.sites.map((site) => dueAt(site))),
    look,
    close: () => looking.close(),
  };
}

/** Minutes in which an engine turned, or delivered; those close together as one. */
async function activeTimes(
  historian: Pick<Historian, 'buckets'>,
  { gensets }: SiteRoles,
  range: Range,
): Promise<Range[]> {
  const signs = gensets.flatMap((genset) => signOf(genset));
  const buckets = await historian.buckets(signs, range, '1m');
  const minutes = [...buckets.values()].flatMap((all) =>
    all.flatMap(({ at, max }) => (max !== null && max > leastSign ? [at] : [])),
  );
  const times: { from: number; to: number }[] = [];
  for (const at of [...new Set(minutes)].sort((a, b) => a - b)) {
    const last = times.at(-1);
    if (last !== undefined && at - last.to <= 3 * marginMs) last.to = at + minuteMs;
    else times.push({ from: at, to: at + minuteMs });
  }
  return times;
}

/** Above what a meter shows that stands still: rpm, Hz, V or kW. */
const leastSign = 2;

function signOf({ speed, frequency, voltages, power }: Genset): string[] {
  const first = [speed, frequency, voltages[0], power].find((point) => point !== undefined);
  return first === undefined ? [] : [first.id];
}
