import type { Model, Point } from '../../config/model.ts';
import { feedNames } from '../../config/topology/graph.ts';
import type { PlanNode, SupplyPlan } from './plan.ts';
import { derivedPoint, pointOf, type Missing, type Readings } from './readings.ts';
import { settle, type Loads } from './supply.ts';

/** Points of a site that loads are read from; found once. */
export interface LoadPoints {
  /** Per rack feed, in the order of `feedNames`: what adds up to its power, and its phase currents. */
  readonly power: readonly [readonly (readonly Point[])[], readonly (readonly Point[])[]];
  readonly amps: readonly [readonly (readonly Point[])[], readonly (readonly Point[])[]];
  /** By node: the point that says whether it works, and in which states it does not. */
  readonly states: readonly (OutState | undefined)[];
  readonly upsOutput: readonly Point[];
  readonly facilityPower: Point | undefined;
}

type OutState = { readonly point: Point } & (
  { readonly outIn: readonly string[] } | { readonly outBelow: number }
);

/** The present loads, at their least and at their most; the same object when everything is known. */
export interface LoadsNow {
  readonly least: Loads;
  readonly most: Loads;
  readonly missing: readonly Missing[];
  /** What is not known of each rack. */
  readonly missingOf: ReadonlyMap<number, readonly Missing[]>;
  /** Nodes whose state is not known. */
  readonly uncertain: ReadonlySet<number>;
}

/** Two meters read at different moments, each of class 1, differ by no more than this share of what they measure. */
const meterTolerance = 0.02;
/** Below this a phase has no voltage. */
const deadVolts = 100;
const perFeed = [0, 1] as const;

export function loadPoints(model: Model, { site, racks, nodes }: SupplyPlan): LoadPoints {
  const inputs = racks.map(({ rack }) => {
    const source = derivedPoint(model, `${rack.key}/power`)?.source;
    return source?.from === 'formula' && source.formula.kind === 'sum'
      ? source.formula.inputs.flatMap((index) => model.points[index] ?? [])
      : [];
  });
  const currents = new Map<string, Point[]>();
  for (const point of model.points) {
    if (point.site !== site || point.quantity !== 'current' || point.rack === undefined) continue;
    const ofRackAlone = model.deviceById.get(`${site}/${point.device ?? ''}`)?.rack !== undefined;
    if (ofRackAlone && !/^l[123]$/.test(point.part ?? '')) continue;
    const place = `${point.rack} ${point.feed}`;
    currents.set(place, [...(currents.get(place) ?? []), point]);
  }
  const of = <Value>(
    pick: (index: number, feed: (typeof feedNames)[number]) => Value,
  ): [Value[], Value[]] => [
    racks.map((_rack, index) => pick(index, 'A')),
    racks.map((_rack, index) => pick(index, 'B')),
  ];
  return {
    power: of((index, feed) => (inputs[index] ?? []).filter((point) => point.feed === feed)),
    amps: of((index, feed) => currents.get(`${racks[index]?.rack.id} ${feed}`) ?? []),
    states: nodes.map((node) => outState(model, node)),
    upsOutput: nodes.flatMap(({ kind, key }) =>
      kind === 'ups' ? (derivedPoint(model, `${key}/output-power`) ?? []) : [],
    ),
    facilityPower: derivedPoint(model, `${site}/site/facility-power`),
  };
}

function outState(model: Model, { kind, key, device }: PlanNode): OutState | undefined {
  const by = (
    point: Point | undefined,
    how: { outIn: string[] } | { outBelow: number },
  ): OutState | undefined => (point === undefined ? undefined : { point, ...how });
  switch (kind) {
    case 'ups':
      return by(pointOf(device, 'output-source'), { outIn: ['none', 'off'] });
    case 'ats':
      return by(pointOf(device, 'position'), { outIn: ['off', 'fault'] });
    case 'genset':
      return by(pointOf(device, 'control-mode'), { outIn: ['stop', 'off', 'manual'] });
    case 'pac':
      return by(pointOf(device, 'system-state'), { outIn: ['off'] });
    case 'incomer':
      return by(derivedPoint(model, `${key}/voltage-max`), { outBelow: deadVolts });
    default:
      return undefined;
  }
}

/** Reads the loads of a site. A value that cannot be believed leaves a range, never an estimate. */
export function loadsNow(plan: SupplyPlan, points: LoadPoints, readings: Readings): LoadsNow {
  const found = createMissing();
  const { out, uncertain } = statesNow(points, readings, found);
  const none = emptyLoads(plan, { out: [...out], otherKw: 0, unmeteredKw: 0 });
  // A feed that is dead carries nothing, whatever its silent meter said last.
  const live = settle(plan, none, { out: [] }).feedLive;
  const rackKw: [Float64Array, Float64Array] = [
    new Float64Array(plan.racks.length),
    new Float64Array(plan.racks.length),
  ];
  const isUnknown: [Uint8Array, Uint8Array] = [
    new Uint8Array(plan.racks.length),
    new Uint8Array(plan.racks.length),
  ];
  let meteredKw = 0;
  let anyUnknown = false;
  for (const feed of perFeed)
    for (let rack = 0; rack < plan.racks.length; rack += 1) {
      if (live[feed][rack] !== 1) continue;
      const inputs = points.power[feed][rack] ?? [];
      const values = inputs.map((point) => readings.value(point));
      if (inputs.length === 0 || values.includes(undefined)) {
        isUnknown[feed][rack] = 1;
        anyUnknown = true;
        found.ofRack(
          rack,
          inputs.filter((_point, at) => values[at] === undefined).map((point) => readings.missing(point)),
        );
        if (inputs.length === 0) found.ofRack(rack, [unmetered(plan, rack, feed)]);
      } else {
        const kw = Math.max(
          0,
          values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
        );
        rackKw[feed][rack] = kw;
        meteredKw += kw;
      }
    }
  const upsKw = sumOf(points.upsOutput, readings);
  const facilityKw = readings.value(points.facilityPower);
  const otherKw =
    facilityKw === undefined || upsKw === undefined ? undefined : Math.max(0, facilityKw - upsKw);
  if (otherKw === undefined)
    for (const point of [points.facilityPower, ...points.upsOutput])
      if (point !== undefined && readings.value(point) === undefined) found.add(readings.missing(point));
  const unmeteredKw =
    upsKw === undefined || points.upsOutput.length === 0
      ? Number.POSITIVE_INFINITY
      : Math.max(0, upsKw - meteredKw) + meterTolerance * upsKw;
  const amps = ampsNow(plan, points, { readings, live, found });
  const capacity = capacities(plan, found);

  const least: Loads = {
    ...emptyLoads(plan, { out: [...out], otherKw: otherKw ?? 0, unmeteredKw: 0 }),
    rackKw, isUnknown, capacityKw: capacity.rated, ...amps.least,
  }; // prettier-ignore
  if (!anyUnknown && otherKw !== undefined && found.all().length === 0)
    return { least, most: least, missing: [], missingOf: new Map(), uncertain };
  const highest = (feed: 0 | 1): Float64Array =>
    rackKw[feed].map((kw, rack) => (isUnknown[feed][rack] === 1 ? unmeteredKw : kw));
  const mostUnrated: Loads = {
    ...least,
    rackKw: [highest(0), highest(1)],
    unmeteredKw,
    otherKw: otherKw ?? Number.POSITIVE_INFINITY,
    ...amps.most,
  };
  const present = settle(
    plan,
    { ...mostUnrated, otherKw: otherKw ?? 0, capacityKw: capacity.rated },
    { out: [] },
  );
  const most: Loads = {
    ...mostUnrated,
    out: [...out, ...uncertain],
    // Without a rating, a thing is known to carry what it carries now, and nothing more.
    capacityKw: capacity.rated.map((kw, node) =>
      capacity.unrated.has(node) ? (present.loadKw[node] ?? 0) : kw,
    ),
  };
  return { least, most, missing: found.all(), missingOf: found.racks(), uncertain };
}

interface MissingList {
  add(missing: Missing): void;
  ofRack(rack: number, missing: readonly Missing[]): void;
  all(): Missing[];
  racks(): Map<number, Missing[]>;
}

function createMissing(): MissingList {
  const byId = new Map<string, Missing>();
  const racks = new Map<number, Missing[]>();
  const add = (missing: Missing): void => {
    byId.set(missing.id, missing);
  };
  return {
    add,
    ofRack(rack, list) {
      for (const missing of list) add(missing);
      racks.set(rack, [...(racks.get(rack) ?? []), ...list]);
    },
    all: () => [...byId.values()],
    racks: () => racks,
  };
}

function unmetered({ racks }: SupplyPlan, rack: number, feed: 0 | 1): Missing {
  return {
    what: 'point',
    id: `${racks[rack]?.rack.key}/${feedNames[feed]?.toLowerCase()}/power`,
    reason: null,
  };
}

/** Nodes that are out for certain. */
export function outNow(points: LoadPoints, readings: Readings): ReadonlySet<number> {
  return statesNow(points, readings, createMissing()).out;
}

function statesNow(
  { states }: LoadPoints,
  readings: Readings,
  found: MissingList,
): { readonly out: Set<number>; readonly uncertain: Set<number> } {
  const out = new Set<number>();
  const uncertain = new Set<number>();
  for (const [node, state] of states.entries()) {
    if (state === undefined) continue;
    const value = readings.value(state.point);
    if (value === undefined) {
      uncertain.add(node);
      found.add(readings.missing(state.point));
    } else if (
      'outBelow' in state ? value < state.outBelow : state.outIn.includes(readings.state(state.point) ?? '')
    )
      out.add(node);
  }
  return { out, uncertain };
}

interface AmpsContext {
  readonly readings: Readings;
  readonly live: readonly [Uint8Array, Uint8Array];
  readonly found: MissingList;
}
type Amps = Pick<Loads, 'sharedAmps' | 'aloneAmps'>;

/** Of feeds with a breaker. A load that moves keeps its phase: both feeds of a machine are plugged in alike. */
function ampsNow(
  { racks }: SupplyPlan,
  points: LoadPoints,
  { readings, live, found }: AmpsContext,
): { readonly least: Amps; readonly most: Amps } {
  const empty = (): [Float64Array, Float64Array] => [
    new Float64Array(racks.length),
    new Float64Array(racks.length),
  ];
  const [shared, alone, sharedMost, aloneMost] = [empty(), empty(), empty(), empty()];
  for (const [rack, { feeds }] of racks.entries()) {
    const phases = perFeed.map((feed) => {
      if (live[feed][rack] !== 1) return [];
      return (points.amps[feed][rack] ?? []).map((point) => readings.value(point));
    });
    for (const feed of perFeed) {
      const breaker = feeds[feed]?.breakerAmps;
      if (breaker === undefined) continue;
      const own = phases[feed] ?? [];
      const partner = phases[feed === 0 ? 1 : 0] ?? [];
      const known = (list: readonly (number | undefined)[]): number[] => list.map((value) => value ?? 0);
      const sums = Array.from(
        { length: Math.max(own.length, partner.length) },
        (_, at) => (known(own)[at] ?? 0) + (known(partner)[at] ?? 0),
      );
      shared[feed][rack] = Math.max(0, ...known(own));
      alone[feed][rack] = Math.max(0, ...sums);
      const ownKnown = live[feed][rack] !== 1 || (own.length > 0 && !own.includes(undefined));
      const partnerKnown =
        live[feed === 0 ? 1 : 0][rack] !== 1 || (partner.length > 0 && !partner.includes(undefined));
      // What is not known may be as much as the breaker holds, which is more than it may carry for long.
      sharedMost[feed][rack] = ownKnown ? (shared[feed][rack] ?? 0) : breaker;
      aloneMost[feed][rack] =
        ownKnown && partnerKnown ? (alone[feed][rack] ?? 0) : Math.max(breaker, alone[feed][rack] ?? 0);
      if (!ownKnown)
        found.ofRack(
          rack,
          (points.amps[feed][rack] ?? [])
            .filter((point) => readings.value(point) === undefined)
            .map((point) => readings.missing(point)),
        );
    }
  }
  return {
    least: { sharedAmps: shared, aloneAmps: alone },
    most: { sharedAmps: sharedMost, aloneAmps: aloneMost },
  };
}

/** What makes or stores power has to have a rating; panels and switches are judged where one is configured. */
function capacities(
  { nodes }: SupplyPlan,
  found: MissingList,
): { readonly rated: Float64Array; readonly unrated: ReadonlySet<number> } {
  const unrated = new Set<number>();
  const rated = Float64Array.from(nodes, ({ kind, key, ratedKw }, node) => {
    if (kind === 'pac' || kind === 'distribution') return Number.POSITIVE_INFINITY;
    if (ratedKw === undefined && (kind === 'ups' || kind === 'genset' || kind === 'incomer')) {
      unrated.add(node);
      found.add({ what: 'rating', id: `${key} rating.kw`, reason: null });
    }
    return ratedKw ?? Number.POSITIVE_INFINITY;
  });
  return { rated, unrated };
}

function sumOf(points: readonly Point[], readings: Readings): number | undefined {
  let sum = 0;
  for (const point of points) {
    const value = readings.value(point);
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum;
}

function emptyLoads(
  { nodes, racks }: SupplyPlan,
  { out, otherKw, unmeteredKw }: Pick<Loads, 'out' | 'otherKw' | 'unmeteredKw'>,
): Loads {
  const numbers = (): [Float64Array, Float64Array] => [
    new Float64Array(racks.length),
    new Float64Array(racks.length),
  ];
  return {
    rackKw: numbers(),
    isUnknown: [new Uint8Array(racks.length), new Uint8Array(racks.length)],
    unmeteredKw,
    sharedAmps: numbers(),
    aloneAmps: numbers(),
    otherKw,
    capacityKw: new Float64Array(nodes.length).fill(Number.POSITIVE_INFINITY),
    out,
  };
}
