import type { Sample } from '../../server/historian/historian.ts';
import type { Declaration } from '../../server/loadtest/label.ts';
import type { Genset, RolePoint, SiteRoles } from '../../server/loadtest/roles.ts';
import type { Trace } from '../../server/loadtest/signal.ts';
import { dice, type Dice } from '../dice.ts';
import type { Fault, Scenario, SetTruth, Telemetry, Truth } from './truth.ts';

export interface Generated {
  readonly truth: Truth;
  readonly roles: SiteRoles;
  readonly traces: ReadonlyMap<string, Trace>;
  readonly declarations: readonly Declaration[];
  readonly until: number;
}

const second = 1_000;
const minute = 60 * second;
const ratedKw = 1_000;
const start = Date.UTC(2026, 10, 3, 3);

const scenarios: readonly Scenario[] = [
  'planned-test', 'planned-test', 'planned-test', 'manual-test', 'outage', 'outage', 'no-load', 'never-loaded', 'too-short',
  'load-lost',
]; // prettier-ignore
const faultsList: readonly Fault[] = [
  'none', 'none', 'none', 'start-fails-once', 'stays-down', 'frequency-sags', 'gap-genset', 'gap-ups', 'gap-incomer',
  'frozen-genset', 'genset-clock', 'incomer-clock', 'single-samples',
]; // prettier-ignore

/** One run with its readings. The same seed gives the same run. */
export function generate(seed: number): Generated {
  const roll = dice(seed);
  const scenario = roll.pick(scenarios);
  const fault = roll.pick(faultsList);
  const telemetry = telemetryOf(roll, scenario, fault);
  const truth = truthOf(roll, { scenario, fault, telemetry });
  const roles = rolesOf(telemetry, truth.sets.length);
  const from = truth.from - 5 * minute;
  const until = truth.to + 20 * minute;
  const declared = scenario !== 'outage' && scenario !== 'no-load' && scenario !== 'manual-test';
  const planned = { id: 'test-1', kind: 'planned' as const, from: truth.from - 10 * minute, to: truth.to + 60 * minute };
  return { truth, roles, traces: readings(roll, { truth, roles, from, until }), declarations: declared ? [planned] : [], until };
} // prettier-ignore

function telemetryOf(roll: Dice, scenario: Scenario, fault: Fault): Telemetry {
  const maker = roll.pick(['full', 'full', 'no-state', 'two-points', 'phases'] as const);
  const some = {
    maker,
    incomers: fault.includes('incomer') || roll.chance(0.85),
    position: roll.chance(0.85),
    source: roll.chance(0.7),
    ups: roll.pick(['source', 'source', 'input', 'none'] as const),
    intervalMs: roll.pick([1, 2, 2, 5]) * second,
  };
  // Clocks are compared by what happens at one moment on both.
  if (fault === 'genset-clock') return { ...some, position: true };
  if (fault === 'incomer-clock') return { ...some, source: true, ups: 'input' };
  // Without any meter of PLN, a switch or a UPS nobody could say what an unannounced run was.
  const sees = some.incomers || some.source || some.ups !== 'none';
  const announced = scenario === 'planned-test' || scenario === 'too-short' || scenario === 'load-lost';
  // People began it before PLN went, which only a meter of PLN shows to the second.
  if (scenario === 'manual-test') return { ...some, incomers: true, position: true };
  return sees && (announced || some.position) ? some : { ...some, incomers: true, position: true };
}

function truthOf(
  roll: Dice,
  { scenario, fault, telemetry }: { scenario: Scenario; fault: Fault; telemetry: Telemetry },
): Truth {
  const count = roll.whole(2, 4);
  const at = start + roll.whole(0, 86_400_000);
  const stable = roll.whole(20, 60) * second;
  const loadedMs = scenario === 'too-short' ? roll.whole(15, 45) * second : roll.whole(4, 45) * minute + roll.whole(0, 999);
  const islands = scenario !== 'no-load';
  const byHand = scenario === 'manual-test' || scenario === 'no-load';
  const gridOff = islands ? at : null;
  const startAt = byHand ? at - roll.whole(40, 120) * second : at + roll.whole(1_500, 3_500);
  const down = fault === 'stays-down' ? roll.whole(0, count - 1) : -1;
  const neverLoaded = scenario === 'never-loaded';

  const starting = Array.from({ length: count }, (_, index) => {
    const first = startAt + roll.whole(0, 2_500);
    const crankMs = roll.whole(2_500, 4_500);
    const failsOnce = fault === 'start-fails-once' && index === 0;
    const again = first + 12 * second + roll.whole(0, 5) * second;
    const fails = index === down || neverLoaded;
    const cranks = failsOnce || fails
      ? [{ from: first, to: first + crankMs + 4_000 }, { from: again, to: again + crankMs + (fails ? 4_000 : 0) }]
      : [{ from: first, to: first + crankMs }];
    const ready = fails ? null : (cranks.at(-1)?.to ?? first) + roll.whole(5_000, 9_000);
    return { cranks, ready };
  });
  const readyAt = starting.flatMap(({ ready }) => ready ?? []);
  const firstReady = readyAt.length === 0 ? null : Math.min(...readyAt);
  // All sets of a site share its bus: the switches move when the first ones are there.
  const takes = islands && firstReady !== null ? Math.max(firstReady, at) + roll.whole(400, 1_500) : null;
  const there = takes === null ? [null, null] : [takes, takes + roll.whole(0, 3_000)];
  const loadedTo = takes === null ? null : takes + loadedMs;
  const lost = scenario === 'load-lost';
  const gridBack = gridOff === null ? null : loadedTo === null ? at + roll.whole(60, 200) * second : lost ? loadedTo + roll.whole(60, 240) * second : loadedTo - stable;
  const shortBack = scenario === 'too-short' && takes !== null && loadedTo !== null ? takes + Math.round((loadedTo - takes) / 3) : gridBack;
  const back = takes === null || loadedTo === null ? [null, null]
    : lost ? [gridBack === null ? null : gridBack + 2_000, gridBack === null ? null : gridBack + 3_000]
    : [loadedTo - roll.whole(0, 2_000), loadedTo];
  const coolMs = roll.whole(60, 180) * second;
  const exercise = roll.whole(5, 20) * minute;
  const sets = starting.map(({ cranks, ready }, index): SetTruth => {
    const loads = ready !== null && takes !== null;
    const from = loads ? Math.max(takes, ready + 500) : null;
    const joins = from !== null && loadedTo !== null && from < loadedTo - 3 * second;
    const ends = loadedTo !== null && joins ? loadedTo + (lost ? 200 : coolMs) : (loadedTo ?? startAt + exercise) + coolMs;
    return {
      id: `genset-${index + 1}`,
      cranks,
      ready,
      loadedFrom: joins ? from : null,
      loadedTo: joins ? loadedTo : null,
      stopped: ready === null ? null : ends,
    };
  });
  const ends = Math.max(at, gridBack ?? 0, ...sets.map(({ stopped, cranks }) => stopped ?? cranks.at(-1)?.to ?? 0), ...back.map((each) => each ?? 0));
  const first = Math.min(at, ...sets.flatMap(({ cranks }) => cranks.map(({ from }) => from)));
  const middle = takes === null || loadedTo === null ? at : takes + Math.round((loadedTo - takes) * 0.4);
  const gapMs = Math.max(40 * second, Math.round((loadedTo ?? at) - middle) / 2);
  const gapThing = ({ 'gap-genset': 'genset-1', 'frozen-genset': 'genset-1', 'gap-ups': 'ups-1', 'gap-incomer': 'pln-a' } as const satisfies Partial<Record<Fault, string>>);
  const thing = Object.entries(gapThing).find(([name]) => name === fault)?.[1];
  const upsGapFrom = at - 2 * second;
  const lostThings = thing === undefined ? [] : [
    fault === 'gap-ups' ? { thing, from: upsGapFrom, to: upsGapFrom + 45 * second }
    : fault === 'frozen-genset' ? { thing, from: middle, to: ends + 30 * minute }
    : { thing, from: middle, to: middle + gapMs },
  ];
  const offset = (roll.chance(0.5) ? 1 : -1) * roll.whole(60, 280) * second;
  const clocks = new Map<string, number>();
  if (fault === 'genset-clock') for (const { id } of sets) clocks.set(id, offset);
  if (fault === 'incomer-clock') for (const id of ['pln-a', 'pln-b']) clocks.set(id, offset);
  const label = ({
    'planned-test': neverLoadedByFault(sets) ? 'aborted' : 'test',
    'manual-test': 'test', outage: 'outage', 'no-load': 'no-load',
    'never-loaded': 'aborted', 'too-short': 'aborted', 'load-lost': 'aborted',
  } as const)[scenario];
  return {
    scenario, fault, label, telemetry, gridOff, gridBack: scenario === 'too-short' ? shortBack : gridBack, sets,
    transfers: there.map((each, place) => ({ there: each, back: back[place] ?? null })),
    lost: lostThings, clocks, from: first, to: ends,
  };
} // prettier-ignore

function neverLoadedByFault(sets: readonly SetTruth[]): boolean {
  return sets.every(({ loadedFrom }) => loadedFrom === null);
}

const point = (id: string, part?: string, states?: ReadonlyMap<number, string>): RolePoint => ({
  id,
  ...(part === undefined ? {} : { part }),
  ...(states === undefined ? {} : { states }),
});

/** Codes differ from maker to maker; names do not. */
const engineCodes = {
  full: new Map([[0, 'stopped'], [1, 'pre-start'], [2, 'warming-up'], [3, 'running'], [4, 'cooling-down'], [6, 'post-run']]),
  phases: new Map([[10, 'ready'], [11, 'cranking'], [20, 'running'], [21, 'cooling-down'], [22, 'stopping']]),
} as const; // prettier-ignore
const positionCodes = new Map([[0, 'off'], [1, 'source-1'], [2, 'source-2']]); // prettier-ignore
const sourceCodes = new Map([[0, 'lost'], [1, 'available']]); // prettier-ignore
const upsCodes = new Map([[2, 'none'], [3, 'normal'], [5, 'battery']]); // prettier-ignore

function rolesOf({ maker, incomers, position, source, ups }: Telemetry, sets: number): SiteRoles {
  const threes = (device: string, quantity: string, lines = ['l1', 'l2', 'l3']): RolePoint[] =>
    lines.map((line) => point(`t/${device}/${line}/${quantity}`, line));
  const gensets = Array.from({ length: sets }, (_, index): Genset => {
    const id = `genset-${index + 1}`;
    const all = {
      id,
      ratedKw,
      limits: { 'oil-pressure': { min: 200 }, 'coolant-temperature': { max: 103 } },
      fuelCurve: [{ load: 0.25, litresPerHour: 72 }, { load: 1, litresPerHour: 262 }],
      voltages: maker === 'two-points' ? [] : threes(id, 'voltage', maker === 'phases' ? ['l12', 'l23', 'l31'] : undefined),
      currents: [],
      phasePowers: maker === 'phases' ? threes(id, 'power') : [],
    }; // prettier-ignore
    const frequency = { frequency: point(`t/${id}/frequency`) };
    const power = { power: point(`t/${id}/power`) };
    const speed = { speed: point(`t/${id}/speed`) };
    if (maker === 'two-points') return { ...all, ...frequency, ...power };
    if (maker === 'no-state') return { ...all, ...frequency, ...power, ...speed };
    const engine = { oil: point(`t/${id}/oil-pressure`), coolant: point(`t/${id}/coolant-temperature`) };
    const state = { state: point(`t/${id}/engine-state`, undefined, engineCodes[maker]) };
    return { ...all, ...frequency, ...speed, ...engine, ...state, ...(maker === 'full' ? power : {}) };
  });
  return {
    site: 't',
    incomers: incomers ? ['pln-a', 'pln-b'].map((id) => ({ id, voltages: threes(id, 'voltage') })) : [],
    transfers: ['ats-a', 'ats-b'].map((id) => ({
      id,
      ...(position ? { position: point(`t/${id}/position`, undefined, positionCodes) } : {}),
      ...(source ? { normal: point(`t/${id}/source-1`, undefined, sourceCodes) } : {}),
    })),
    gensets,
    upss:
      ups === 'none'
        ? []
        : ['ups-1', 'ups-2'].map((id) => ({
            id,
            inputs: ups === 'input' ? threes(id, 'input-voltage') : [],
            ...(ups === 'source' ? { source: point(`t/${id}/output-source`, undefined, upsCodes) } : {}),
          })),
    tanks: [],
  };
}

/** The site's kW, shared by the sets that carry. */
const siteKw = 900;

function readings(
  roll: Dice,
  { truth, roles, from, until }: { truth: Truth; roles: SiteRoles; from: number; until: number },
): Map<string, Trace> {
  const { intervalMs } = truth.telemetry;
  const traces = new Map<string, Trace>();
  const noise = (width: number): number => (roll.whole(-1_000, 1_000) / 1_000) * width;
  /** All points of a device are read at once, at its own moment of the interval. */
  const read = (thing: string, values: readonly (readonly [RolePoint | undefined, (at: number) => number])[]): void => {
    const phase = roll.whole(0, intervalMs - 1);
    const offset = truth.clocks.get(thing) ?? 0;
    const lost = truth.lost.filter((each) => each.thing === thing);
    const isFrozen = truth.fault === 'frozen-genset';
    const drops = truth.fault === 'single-samples';
    const kept = new Map(values.flatMap(([role]) => (role === undefined ? [] : [[role.id, [] as Sample[]] as const])));
    let standing: Map<string, number> | undefined;
    for (let at = from + phase; at < until; at += intervalMs) {
      const isLost = lost.some((gap) => at >= gap.from && at < gap.to);
      if ((isLost && !isFrozen) || (drops && roll.chance(0.05))) continue;
      const now = new Map(values.flatMap(([role, value]) => (role === undefined ? [] : [[role.id, value(at)] as const])));
      if (!isLost) standing = now;
      const analog = isLost ? (standing ?? now) : now;
      for (const [role] of values) {
        if (role === undefined) continue;
        // The controller goes on to tell its state; its meter stands still.
        const value = (role.states === undefined ? analog : now).get(role.id) ?? 0;
        kept.get(role.id)?.push({ at: at + offset, value, quality: 0 });
      }
    }
    for (const [id, samples] of kept) traces.set(id, { samples, holdMs: 4 * intervalMs });
  };
  const gridIsLost = (at: number): boolean =>
    truth.gridOff !== null && at >= truth.gridOff && (truth.gridBack === null || at < truth.gridBack);
  const onEmergency = (at: number, place: number): boolean => {
    const { there, back } = truth.transfers[place] ?? { there: null, back: null };
    return there !== null && at >= there && (back === null || at < back);
  };
  for (const incomer of roles.incomers)
    read(incomer.id, incomer.voltages.map((role) => [role, (at) => (gridIsLost(at) ? 0 : 230 + noise(1.5))]));
  roles.transfers.forEach((transfer, place) => {
    read(transfer.id, [
      [transfer.position, (at) => (onEmergency(at, place) ? 2 : 1)],
      [transfer.normal, (at) => (gridIsLost(at) ? 0 : 1)],
    ]);
  });
  roles.upss.forEach((ups, place) => {
    const hasInput = (at: number): boolean => onEmergency(at, place) ? isBusLive(truth, at) : !gridIsLost(at);
    read(ups.id, [
      [ups.source, (at) => (hasInput(at) ? 3 : 5)],
      ...ups.inputs.map((role) => [role, (at: number) => (hasInput(at) ? 231 + noise(1) : 0)] as const),
    ]);
  });
  roles.gensets.forEach((genset, place) => {
    const set = truth.sets[place];
    if (set !== undefined) read(genset.id, gensetValues(genset, set, { truth, noise }));
  });
  return traces;
} // prettier-ignore

function isBusLive({ sets }: Truth, at: number): boolean {
  return sets.some(
    ({ ready, stopped }) => ready !== null && at >= ready && (stopped === null || at < stopped),
  );
}

function gensetValues(
  genset: Genset,
  set: SetTruth,
  { truth, noise }: { truth: Truth; noise: (width: number) => number },
): (readonly [RolePoint | undefined, (at: number) => number])[] {
  const isCranking = (at: number): boolean => set.cranks.some(({ from, to }) => at >= from && at < to);
  const runsFrom = set.ready === null ? Infinity : (set.cranks.at(-1)?.to ?? Infinity);
  const isRunning = (at: number): boolean => at >= runsFrom && at < (set.stopped ?? Infinity);
  const isReady = (at: number): boolean => isRunning(at) && at >= (set.ready ?? Infinity);
  const isLoaded = (at: number): boolean =>
    set.loadedFrom !== null && at >= set.loadedFrom && at < (set.loadedTo ?? Infinity);
  const share = (at: number): number => {
    const carrying = truth.sets.filter(
      ({ loadedFrom, loadedTo }) => loadedFrom !== null && at >= loadedFrom && at < (loadedTo ?? Infinity),
    ).length;
    return siteKw / Math.max(1, carrying);
  };
  const sags = (at: number): boolean =>
    truth.fault === 'frequency-sags' && set.loadedFrom !== null && at >= set.loadedFrom + 20_000 && at < set.loadedFrom + 90_000;
  const hertz = (at: number): number => {
    if (isReady(at)) return (sags(at) ? 48.6 : 50) + noise(0.05);
    if (isRunning(at)) return 41 + noise(0.1);
    return isCranking(at) ? 7.3 + noise(0.1) : 0;
  };
  const nominal = genset.voltages[0]?.part?.length === 3 ? 400 : 231;
  const volts = (at: number): number => (isReady(at) ? nominal + noise(1) : isRunning(at) ? nominal * 0.6 : 0);
  const kw = (at: number): number => (isLoaded(at) ? share(at) + noise(6) : 0);
  const codes = genset.state?.states;
  const code = (name: string): number => [...(codes ?? [])].find(([, each]) => each === name)?.[0] ?? 0;
  const [resting, cranking] = codes?.has(0) === true ? ['stopped', 'pre-start'] : ['ready', 'cranking'];
  const state = (at: number): number => {
    if (isRunning(at)) return code(set.loadedTo !== null && at >= set.loadedTo ? 'cooling-down' : 'running');
    return code(isCranking(at) ? cranking : resting);
  };
  return [
    [genset.state, state],
    [genset.speed, (at) => hertz(at) * 30],
    [genset.frequency, hertz],
    [genset.power, kw],
    ...genset.voltages.map((role) => [role, volts] as const),
    ...genset.phasePowers.map((role) => [role, (at: number) => kw(at) / 3] as const),
    [genset.oil, (at) => (isRunning(at) ? 420 + noise(5) : 0)],
    [genset.coolant, (at) => (isRunning(at) ? 80 : 42) + noise(0.5)],
  ];
} // prettier-ignore
