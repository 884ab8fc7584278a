import type { Declaration } from '../../../server/loadtest/label.ts';
import { figuresOf } from '../../../server/loadtest/figures.ts';
import type { Criterion } from '../../../server/loadtest/criteria/finding.ts';
import { judge, type Judgement } from '../../../server/loadtest/judge.ts';
import { recognise, type Recognised } from '../../../server/loadtest/recognise.ts';
import type { Genset, RolePoint, SiteRoles } from '../../../server/loadtest/roles.ts';
import type { Trace } from '../../../server/loadtest/signal.ts';
import { shippedLoadTest } from '../../../bench/loadtest/score.ts';
import type { CriterionName } from '../../../config/schema/loadtest.ts';

export const second = 1_000;
export const minute = 60 * second;
/** 3 October 2026, 10.00 WIB. */
export const t0 = Date.UTC(2026, 9, 3, 3);
const profile = shippedLoadTest('config/library');

const standard = {
  upsBackupTime: { max: 10 * minute, batteries: 'VRLA', clause: 'BAB IV.1.2' },
  endurance: { hours: 12, clause: 'BAB IV.1.6' },
  gensets: { redundancy: 'N+1' as const, rating: 'prime' as const, clause: 'BAB IV.1.6' },
};

/** A value over time: from each second on (since t0) it is this. */
type Course = readonly (readonly [fromS: number, value: number])[];

/** Readings of a course every two seconds; `without` are the seconds [from, to) that are away. */
export function trace(
  course: Course,
  { fromS = -120, toS = 900, everyS = 2, without = [] as readonly (readonly [number, number])[] } = {},
): Trace {
  const samples = [];
  for (let s = fromS; s <= toS; s += everyS) {
    if (without.some(([from, to]) => s >= from && s < to)) continue;
    const value = course.findLast(([from]) => s >= from)?.[1] ?? 0;
    samples.push({ at: t0 + s * second, value, quality: 0 });
  }
  return { samples, holdMs: everyS * 4 * second };
}

const states = (names: readonly string[]): ReadonlyMap<number, string> =>
  new Map(names.map((name, code) => [code, name]));
export const engine = { stopped: 0, cranking: 1, running: 2, cooling: 3 };
const engineStates = states(['stopped', 'cranking', 'running', 'cooling-down']);

function point(id: string, more: Partial<RolePoint> = {}): RolePoint {
  return { id: `t/${id}`, ...more };
}

/** One incomer, one switch, one UPS and two gensets of 1000 kW. */
const roles: SiteRoles = {
  site: 't',
  incomers: [{ id: 'pln-a', voltages: [point('pln-a/l1/voltage', { part: 'l1' })] }],
  transfers: [
    {
      id: 'ats-a',
      position: point('ats-a/position', { states: states(['off', 'source-1', 'source-2']) }),
    },
  ],
  gensets: ['genset-1', 'genset-2'].map((id): Genset => ({
    id,
    ratedKw: 1_000,
    limits: {
      'oil-pressure': { min: 200 },
      'coolant-temperature': { max: 103 },
      'battery-voltage': { min: 25 },
    },
    fuelCurve: [
      { load: 0.25, litresPerHour: 72 },
      { load: 1, litresPerHour: 262 },
    ],
    state: point(`${id}/engine-state`, { states: engineStates }),
    voltages: [point(`${id}/l1/voltage`, { part: 'l1' })],
    frequency: point(`${id}/frequency`),
    power: point(`${id}/power`),
    oil: point(`${id}/oil-pressure`),
    coolant: point(`${id}/coolant-temperature`),
    battery: point(`${id}/battery-voltage`),
    currents: [],
    phasePowers: [],
  })),
  upss: [
    {
      id: 'ups-1',
      source: point('ups-1/output-source', { states: states(['none', 'normal', 'battery']) }),
      inputs: [],
    },
  ],
  tanks: [{ id: 'tank', level: point('tank/level'), litres: 10_000 }],
};

/** A test of `loadedS` seconds: PLN off at 0, load at 14, back on PLN at 14 + loadedS, cooled down a minute later. */
export function testTraces(loadedS: number): Map<string, Trace> {
  const end = 14 + loadedS;
  const all = { toS: end + 600 };
  const set = (id: string): [string, Trace][] => [
    [`t/${id}/engine-state`, trace([[-200, engine.stopped], [2, engine.cranking], [6, engine.running], [end, engine.cooling], [end + 60, engine.stopped]], all)],
    [`t/${id}/l1/voltage`, trace([[-200, 0], [6, 140], [10, 231], [end + 60, 0]], all)],
    [`t/${id}/frequency`, trace([[-200, 0], [2, 7], [6, 41], [10, 50], [end + 60, 0]], all)],
    [`t/${id}/power`, trace([[-200, 0], [14, 400], [end, 0]], all)],
    [`t/${id}/oil-pressure`, trace([[-200, 0], [6, 420], [end + 60, 0]], all)],
    [`t/${id}/coolant-temperature`, trace([[-200, 42], [60, 81]], all)],
    [`t/${id}/battery-voltage`, trace([[-200, 27], [2, 22.5], [6, 28]], all)],
  ];
  return new Map<string, Trace>([
    ['t/pln-a/l1/voltage', wavering(trace([[-200, 230], [0, 0], [end - 30, 230]], all))],
    ['t/ats-a/position', trace([[-200, 1], [14, 2], [end, 1]], all)],
    ['t/ups-1/output-source', trace([[-200, 1], [0, 2], [14, 1]], all)],
    ['t/tank/level', trace([[-200, 9_000]], all)],
    ...set('genset-1').map(([id, each]): [string, Trace] => [id, id.endsWith('state') ? each : wavering(each)]),
    ...set('genset-2').map(([id, each]): [string, Trace] => [id, id.endsWith('state') ? each : wavering(each)]),
  ]);
} // prettier-ignore

/** As a real meter: the last digit is never still. */
function wavering(of: Trace): Trace {
  return {
    ...of,
    samples: of.samples.map((sample, index) =>
      sample.value === 0 ? sample : { ...sample, value: sample.value + (index % 2) * 0.05 },
    ),
  };
}

export function changed(traces: ReadonlyMap<string, Trace>, changes: Readonly<Record<string, Trace>>): Map<string, Trace> {
  return new Map([...traces, ...Object.entries(changes)]);
} // prettier-ignore

export const planned: Declaration = {
  id: 'test-1',
  kind: 'planned',
  from: t0 - 5 * minute,
  to: t0 + 120 * minute,
};

export function runsOf(
  traces: ReadonlyMap<string, Trace>,
  { declarations = [] as readonly Declaration[], untilS = 3_600 } = {},
): Recognised[] {
  return recognise(roles, traces, {
    settings: profile.recognition,
    declarations,
    until: t0 + untilS * second,
  });
}

export function theRun(traces: ReadonlyMap<string, Trace>, options?: Parameters<typeof runsOf>[1]): Recognised {
  const [run, ...others] = runsOf(traces, options);
  if (run === undefined || others.length > 0) throw new Error(`${others.length + 1} runs`);
  return run;
} // prettier-ignore

export function judged(recognised: Recognised): Judgement {
  return judge({
    roles,
    recognised,
    figures: figuresOf(roles, recognised, profile),
    profile,
    standard,
    period: { from: t0 - 3 * 86_400_000, to: t0 + 20 * 86_400_000, isFulfilled: false },
    now: t0 + 86_400_000,
  });
}

export function criterion({ criteria }: Judgement, name: CriterionName): Criterion {
  const found = criteria.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no criterion ${name}`);
  return found;
}
