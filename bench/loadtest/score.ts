import { loadFile } from '../../config/read/files.ts';
import {
  loadTestProfileSchema,
  type CriterionName,
  type LoadTestProfile,
} from '../../config/schema/loadtest.ts';
import type { SiteStandard } from '../../config/schema/standard.ts';
import { figuresOf } from '../../server/loadtest/figures.ts';
import type { Criterion } from '../../server/loadtest/criteria/finding.ts';
import { judge } from '../../server/loadtest/judge.ts';
import { recognise, type Run } from '../../server/loadtest/recognise.ts';
import type { Generated } from './generate.ts';
import { visiblePhases, type TruePhase, type Truth } from './truth.ts';

export interface Score {
  readonly labelIsRight: boolean;
  readonly found: string;
  /** Moments that the readings show, and those of them that are within one sample. */
  readonly moments: number;
  readonly within: number;
  /** Of devices whose clock was minutes off. */
  readonly movedMoments: number;
  readonly movedWithin: number;
  /** Criteria that passed although their evidence was away or the truth is otherwise. */
  readonly unfounded: readonly CriterionName[];
  readonly criteria: readonly Criterion[];
  readonly wrong: readonly string[];
}

const standard: Pick<SiteStandard, 'upsBackupTime' | 'endurance' | 'gensets'> = {
  upsBackupTime: { max: 600_000, batteries: 'VRLA', clause: 'BAB IV.1.2' },
  endurance: { hours: 12, clause: 'BAB IV.1.6' },
  gensets: { redundancy: 'N+1', rating: 'prime', clause: 'BAB IV.1.6' },
};

export function shippedLoadTest(library: string): LoadTestProfile {
  const { value, problems } = loadFile(`${library}/loadtest`, 'default', loadTestProfileSchema);
  if (value === undefined) throw new Error(problems.map(({ found }) => found).join('; '));
  return value;
}

/** Recognises and judges a generated run and holds it against the truth. */
export function scoreRun(generated: Generated, profile: LoadTestProfile): Score {
  const { truth, roles, traces, declarations, until } = generated;
  const found = recognise(roles, traces, { settings: profile.recognition, declarations, until });
  const recognised = found.sort((a, b) => (b.run.to ?? until) - b.run.from - ((a.run.to ?? until) - a.run.from))[0];
  const none = { moments: 0, within: 0, movedMoments: 0, movedWithin: 0, unfounded: [], criteria: [] };
  if (recognised === undefined) return { ...none, labelIsRight: false, found: 'nothing', wrong: ['no run'] };
  const { run } = recognised;
  const figures = figuresOf(roles, recognised, profile);
  const { criteria } = judge({
    roles, recognised, figures, profile, standard,
    period: { from: truth.from - 86_400_000, to: truth.to + 86_400_000, isFulfilled: false },
    now: until,
  });
  const wrong: string[] = [];
  let [moments, within, movedMoments, movedWithin] = [0, 0, 0, 0];
  for (const phase of visiblePhases(truth).filter((each) => isShown(each, truth))) {
    const isMoved = truth.clocks.has(phase.shownBy);
    const errorMs = errorOf(run, phase);
    // A clock that is put right by events of another device is as good as both are sampled.
    const allowedMs = truth.telemetry.intervalMs * (isMoved ? 2 : 1) * (truth.fault === 'single-samples' ? 3 : 1);
    const isRight = errorMs !== undefined && errorMs <= allowedMs;
    if (isMoved) {
      movedMoments += 1;
      movedWithin += isRight ? 1 : 0;
    } else {
      moments += 1;
      within += isRight ? 1 : 0;
    }
    if (!isRight) wrong.push(`${phase.phase} ${phase.thing ?? 'site'} ${phase.end}: ${errorMs === undefined ? 'not found' : `${errorMs} ms off`}`);
  }
  const unfounded = criteria.filter((each) => each.verdict === 'pass' && !isFounded(each.name, truth)).map(({ name }) => name);
  const labelIsRight = run.label.label === truth.label && found.length === 1;
  if (!labelIsRight) wrong.push(`labelled ${run.label.label} (${run.label.why}), ${found.length} runs; it is ${truth.label}`);
  return { labelIsRight, found: run.label.label, moments, within, movedMoments, movedWithin, unfounded, criteria, wrong };
} // prettier-ignore

/**
 * A moment in which the thing that shows it was silent cannot be timed; nor one by a clock that is off, when nothing happened that another
 * clock has seen as well.
 */
function isShown({ at, shownBy }: TruePhase, { lost, telemetry, clocks, transfers, sets }: Truth): boolean {
  const marginMs = 4 * telemetry.intervalMs;
  const compared = shownBy.startsWith('genset')
    ? sets.find(({ id }) => id === shownBy)?.loadedTo
    : transfers[0]?.there;
  if (clocks.has(shownBy) && (compared === null || compared === undefined)) return false;
  return !lost.some(({ thing, from, to }) => thing === shownBy && at > from - marginMs && at < to + marginMs);
}

/** How far the seen moment is from the true one, ms; undefined: it was not seen. Readings come after, so a moment before is wrong. */
function errorOf({ phases, clocks }: Run, { phase, thing, end, at, shownBy }: TruePhase): number | undefined {
  const marks = phases.filter((each) => each.phase === phase && each.thing === thing);
  const mark = phase === 'crank' ? marks.at(-1) : marks[0];
  const edge = mark?.[end] ?? null;
  if (edge === null) return undefined;
  const isMoved = clocks.some(({ device }) => device === shownBy);
  return isMoved ? Math.abs(edge.at - at) : edge.at >= at ? edge.at - at : Number.MAX_SAFE_INTEGER;
}

/** Whether a criterion may pass: it is true, and the readings that show it were not away. */
function isFounded(name: CriterionName, truth: Truth): boolean {
  const { telemetry, fault, scenario, sets } = truth;
  const { maker } = telemetry;
  const carried = sets.filter(({ loadedFrom }) => loadedFrom !== null);
  // A reading holds for four intervals.
  const gensetIsLost = truth.lost.some(({ thing, from, to }) =>
    carried.some(({ id, loadedFrom, loadedTo }) =>
      id === thing && Math.min(to, loadedTo ?? 0) - Math.max(from, loadedFrom ?? 0) > 4 * telemetry.intervalMs));
  const minutes = Math.min(...carried.map((set) => ((set.loadedTo ?? 0) - (set.loadedFrom ?? 0)) / 60_000));
  switch (name) {
    case 'completed':
      return !['no-load', 'never-loaded', 'too-short', 'load-lost'].includes(scenario) && (telemetry.incomers || telemetry.source)
        && !(fault === 'gap-incomer' && !telemetry.source);
    case 'interval':
      return isFounded('completed', truth);
    case 'sets-started':
      return fault !== 'stays-down' && carried.length === sets.length;
    case 'start-transfer': {
      const slowest = Math.max(...truth.transfers.map(({ there }) => (there ?? Infinity) - (truth.gridOff ?? Infinity)));
      return telemetry.position && slowest <= 10_000;
    }
    case 'ride-through':
      return telemetry.ups === 'source' && fault !== 'gap-ups';
    case 'battery-time':
      return telemetry.ups !== 'none' && fault !== 'gap-ups';
    case 'loaded-run':
      return carried.length > 0 && minutes >= 30 && !gensetIsLost;
    case 'steady-voltage':
    case 'recovery-voltage':
      return carried.length > 0 && maker !== 'two-points' && (name === 'recovery-voltage' || !gensetIsLost);
    case 'steady-frequency':
      return carried.length > 0 && !gensetIsLost && fault !== 'frequency-sags';
    case 'recovery-frequency':
      return carried.length > 0;
    case 'dip-voltage':
    case 'dip-frequency':
      return false;
    case 'engine-limits':
      return maker !== 'two-points' && maker !== 'no-state' && !(fault === 'gap-genset' && gensetIsLost);
    case 'endurance':
    case 'fuel-balance':
      return false;
    case 'redundancy':
      return carried.length > 0 && !gensetIsLost && 900 <= (sets.length - 1) * 1_000;
  }
} // prettier-ignore
