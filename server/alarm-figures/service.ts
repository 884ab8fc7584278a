import { dayMs } from '../../core/wib.ts';
import type { Model } from '../../config/model.ts';
import { siteOfAlarm } from '../../core/alarm-key.ts';
import type { Clock } from '../../core/clock.ts';
import { iso } from '../../core/time.ts';
import type { AlarmFiguresView, SiteFiguresView } from '../contracts/alarm-figures.ts';
import { badActors, createAlarmLookup } from './actors.ts';
import { byFrequency, judge, type PrioritySplit } from './judge.ts';
import type { FalseAlarmCount, FigureRepository, Period } from './repository.ts';
import { standingAlarms, type Standing } from './standing.ts';
import { createTally, type PositionTally } from './tally.ts';

interface FiguresQuery extends Period {
  /** Absent: every site. */
  readonly site?: string | undefined;
}

export interface AlarmFigures {
  /** Figures, what they rest on and the work list, from the journal. Rejects with the signal's reason once it has aborted. */
  read(query: FiguresQuery, signal?: AbortSignal): Promise<AlarmFiguresView>;
}

/** Of the work list; `badActors` says how many there are in all. */
const actorsShown = 200;
const floodsShown = 10;

export function createAlarmFigures({
  model,
  clock,
  repository,
}: {
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
  readonly repository: FigureRepository;
}): AlarmFigures {
  const lookup = createAlarmLookup(model);

  async function tallies(sites: ReadonlySet<string>, period: Period, signal: AbortSignal | undefined) {
    const open = new Map([...sites].map((site) => [site, createTally()]));
    for await (const entries of repository.journal(period, signal))
      for (const entry of entries) open.get(entry.site)?.add(entry);
    return new Map([...open].map(([site, tally]) => [site, tally.end(period.to)]));
  }

  /** By site. */
  async function standing(period: Period): Promise<(site: string) => Standing> {
    const occurrences = await repository.standing(period);
    const changes = await repository.hiding(
      occurrences.map(({ alarm }) => alarm),
      period.to,
    );
    return (site) =>
      standingAlarms(
        occurrences.filter(({ alarm }) => siteOfAlarm(alarm) === site),
        changes,
        period,
      );
  }

  function split(tally: PositionTally): PrioritySplit {
    const counts = { P1: 0, P2: 0, P3: 0, P4: 0, P5: 0, unknown: 0 };
    for (const { alarm, annunciated } of tally.alarms)
      counts[lookup.priority(alarm) ?? 'unknown'] += annunciated;
    return counts;
  }

  return {
    async read({ site: only, from, to: asked }, signal) {
      const at = clock.now();
      // What is still to come is no time without alarms.
      const period = { from, to: Math.max(from, Math.min(asked, at)) };
      const sites = model.sites.filter(({ id }) => (only ?? id) === id);
      const tally = await tallies(new Set(sites.map(({ id }) => id)), period, signal);
      const standingOf = await standing(period);
      const [falseAlarms, falselyAlarming, work] = await Promise.all([
        repository.falseAlarms(period),
        repository.falselyAlarming(period),
        repository.work(),
      ]);
      const parts = await Promise.all(
        sites.map(async (site) => {
          const begin = await repository.begin(site.id);
          const coveredMs = begin === undefined ? 0 : Math.max(0, period.to - Math.max(period.from, begin));
          const counted = tally.get(site.id) ?? createTally().end(period.to);
          const stale = standingOf(site.id);
          const priorities = split(counted);
          return {
            figures: judge(site, { tally: counted, standing: stale, priorities, coveredMs }, model.alarmAims),
            view: siteView(site, {
              tally: counted,
              stale,
              priorities,
              coveredMs,
              falseAlarms: falseAlarms.filter((each) => each.site === site.id),
            }),
            actors: badActors(site.id, {
              tally: counted,
              standingDays: stale.days,
              falseAlarms: falselyAlarming,
              work,
              lookup,
            }),
          };
        }),
      );
      const actors = parts.flatMap((part) => part.actors).sort(byFrequency);
      return {
        from: iso(from),
        to: iso(asked),
        at: iso(at),
        daysNeeded: model.alarmAims.needed.days,
        items: parts.flatMap(({ figures }) => figures),
        sites: parts.map(({ view }) => view),
        actors: actors.slice(0, actorsShown),
        badActors: actors.length,
        next: null,
      };
    },
  };
}

function siteView(
  { id, name }: { readonly id: string; readonly name: string },
  of: {
    readonly tally: PositionTally;
    readonly stale: Standing;
    readonly priorities: PrioritySplit;
    readonly coveredMs: number;
    readonly falseAlarms: readonly FalseAlarmCount[];
  },
): SiteFiguresView {
  const { tally, stale, priorities, coveredMs, falseAlarms } = of;
  const largest = tally.floods.toSorted((a, b) => b.alarms - a.alarms).slice(0, floodsShown);
  const total = (key: 'incidents' | 'marked'): number =>
    falseAlarms.reduce((sum, each) => sum + each[key], 0);
  return {
    site: id,
    name,
    days: Math.floor((coveredMs / dayMs) * 100) / 100,
    annunciated: tally.annunciated,
    priorities: { ...priorities },
    peak: tally.peak === undefined ? null : { at: iso(tally.peak.at), count: tally.peak.count },
    floods: largest
      .sort((a, b) => b.from - a.from)
      .map(({ from, to, alarms }) => ({ from: iso(from), to: iso(to), alarms })),
    floodCount: tally.floods.length,
    standing: stale.atEnd,
    operators: tally.operators.map((each) => ({ ...each })),
    falseAlarms: {
      incidents: total('incidents'),
      marked: total('marked'),
      byRule: falseAlarms
        .filter(({ marked }) => marked > 0)
        .sort((a, b) => b.marked - a.marked || a.rule.localeCompare(b.rule))
        .map(({ rule, nameId, nameEn, marked }) => ({ rule, name: { id: nameId, en: nameEn }, marked })),
    },
    perDay: [...tally.perDay].map(([day, count]) => ({ day, count })),
  };
}
