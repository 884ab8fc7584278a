import type { LoadTestProfile } from '../../config/schema/loadtest.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import type { Sample } from '../historian/historian.ts';
import type { LoadTestContent, LoadTestIdentity } from '../contracts/load-tests.ts';
import type { RunFigures } from './figures.ts';
import type { Judgement } from './judge.ts';
import { conditionsOf } from './conditions.ts';
import { hashOf } from './hash.ts';
import { powerOf, samplesIn } from './measure.ts';
import type { Recognised } from './recognise.ts';
import { pointsOf, type RolePoint, type SiteRoles } from './roles.ts';
import { samplesCsv } from './samples.ts';
import type { Edge } from './signal.ts';
import { traceOf, type Traces } from './things.ts';
import { transfersOf } from './transfers.ts';
import type { Bounded } from './verdict.ts';

/** A run as it is stored, shown and printed. JSON knows no infinity: what has no bound is null. */
export function viewOf(
  { id, identity, roles, recognised, figures, judgement, profile, madeAt, raw }: {
    readonly id: string;
    readonly identity: LoadTestIdentity;
    readonly roles: SiteRoles;
    readonly recognised: Recognised;
    readonly figures: RunFigures;
    readonly judgement: Judgement;
    readonly profile: LoadTestProfile;
    readonly madeAt: number;
    /** As the historian gave them. */
    readonly raw: Traces;
  },
): LoadTestContent {
  const { run } = recognised;
  return {
    id,
    site: run.site,
    label: run.label.label,
    why: run.label.why,
    verdict: judgement.verdict,
    from: iso(run.from),
    to: iso(run.to ?? figures.window.to),
    profile: `${profile.profile} ${profile.version}`,
    madeAt: iso(madeAt),
    criteria: judgement.criteria.map(({ name, verdict, reference, source, unit, value, limit, why, things }) => ({
      name, title: profile.criteria[name].name, verdict, reference, source, unit, why,
      value: finite(value?.value), least: finite(value?.least), most: finite(value?.most),
      limit: finite(limit?.value), sense: limit?.sense ?? null, things: [...things],
    })),
    phases: run.phases.map(({ phase, thing, from, to, seen }) => ({
      phase, thing, seen,
      from: isoOrNull(from?.at ?? null), to: isoOrNull(to?.at ?? null),
      fromDoubtMs: doubtOf(from), toDoubtMs: doubtOf(to),
    })),
    sets: figures.sets.map((set) => ({
      genset: set.genset, ratedKw: set.ratedKw, started: set.started, carried: set.carried, attempts: set.attempts,
      crankS: set.crank === null ? null : set.crank.seen / 1_000,
      lowestCrankVolts: set.lowestCrankVolts,
      kwMean: set.kw?.mean ?? null, kwMax: set.kw?.max ?? null,
      oilMin: set.oil?.min ?? null, coolantMax: set.coolant?.max ?? null,
      coolDownS: set.coolDown === null ? null : set.coolDown.seen / 1_000,
      hoursBefore: set.hoursBefore, hoursAfter: set.hoursAfter, steps: set.steps.length,
    })),
    identity,
    conditions: conditionsOf(roles, recognised.traces, figures.window),
    transfers: transfersOf(run, profile.criteria['start-transfer'].within).map((each) => ({
      ...each, transfer: boundedOf(each.transfer), retransfer: boundedOf(each.retransfer),
    })),
    upss: figures.upss.map(({ ups, onBattery, lowestVolts, lowestCharge, lowestAutonomyS, dropped }) => ({
      ups, lowestVolts, lowestCharge, autonomyS: lowestAutonomyS, dropped,
      onBatteryS: finite(onBattery.reduce((sum, { seen }) => sum + seen, 0) / 1_000),
    })),
    kwMax: figures.kw?.max ?? null,
    kwMean: figures.kw?.mean ?? null,
    fuelUsed: finite(figures.fuel.used?.value),
    fuelRate: finite(figures.fuel.rate?.value),
    enduranceHours: finite(figures.fuel.endurance?.value),
    coverage: figures.coverage,
    missing: [...figures.missing],
    clocks: [...run.clocks],
    frozen: [...new Set(run.frozen.map(({ point }) => point))],
    curves: curvesOf(roles, recognised, figures),
    sha256: hashOf(samplesCsv(raw, figures.window)),
  };
} // prettier-ignore

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function boundedOf(bounded: Bounded | null): LoadTestContent['transfers'][number]['transfer'] {
  return bounded === null ? null : { value: bounded.value, least: finite(bounded.least), most: finite(bounded.most) };
} // prettier-ignore

function doubtOf(edge: Edge | null): number | null {
  return edge === null ? null : finite(edge.at - edge.after);
}

/** Enough for a page's width. */
const mostPoints = 240;

function curvesOf(roles: SiteRoles, { traces }: Recognised, { window }: RunFigures): LoadTestContent['curves'] {
  const curve = (name: string, unit: string, samples: readonly Sample[]) => ({ name, unit, values: thinned(samples) });
  const ofPoint = (unit: string, point: RolePoint | undefined) =>
    point === undefined ? [] : [curve(point.id.slice(roles.site.length + 1), unit, samplesIn(traceOf(traces, point), window))];
  const all = [
    ...roles.gensets.flatMap((genset) => [
      curve(`${genset.id}/power`, 'kW', samplesIn(powerOf(genset, traces), window)),
      ...genset.voltages.filter(({ part }) => part?.length === 2).flatMap((point) => ofPoint('V', point)),
      ...genset.currents.filter(({ part }) => part?.length === 2).flatMap((point) => ofPoint('A', point)),
      ...ofPoint('Hz', genset.frequency),
      ...ofPoint('°C', genset.coolant),
      ...ofPoint('kPa', genset.oil),
    ]),
    ...roles.tanks.flatMap(({ level }) => ofPoint('L', level)),
    ...roles.upss.flatMap(({ charge }) => ofPoint('%', charge)),
  ];
  return all.filter(({ values }) => values.length > 1);
} // prettier-ignore

/** The lowest and the highest of each part stay: a dip is not thinned away. */
function thinned(samples: readonly Sample[]): [number, number][] {
  const size = Math.ceil(samples.length / (mostPoints / 2));
  if (size <= 1) return samples.map(({ at, value }) => [at, value]);
  const kept: [number, number][] = [];
  for (let from = 0; from < samples.length; from += size) {
    const part = samples.slice(from, from + size).toSorted((a, b) => a.value - b.value);
    const ends = [part[0], part.at(-1)].flatMap((sample) => sample ?? []).sort((a, b) => a.at - b.at);
    for (const { at, value } of ends) kept.push([at, value]);
  }
  return kept;
}

/** For the digest and the pins: every point of a site that plays a role. */
export function roleIds(roles: SiteRoles): string[] {
  const things: object[] = [...roles.incomers, ...roles.transfers, ...roles.gensets, ...roles.upss, ...roles.tanks];
  return [...new Set(things.flatMap(pointsOf).map(({ id }) => id))];
} // prettier-ignore
