import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { consequencesOf, type Surroundings } from './consequences.ts';
import type { Element } from './elements.ts';
import { derivedPoint, pointOf, type Readings } from './readings.ts';
import type { Figures, PredictionRepository } from './repository.ts';
import { countsOf, scenarioOf } from './scenarios.ts';
import { warmingOf, type ThermalModel } from './thermal.ts';
import { elementView } from './view.ts';

/** A picture of a site from before anything happened. */
export interface Before {
  readonly around: Surroundings;
  /** Nodes that were out, or may have been. */
  readonly out: ReadonlySet<number>;
  /** By hall. */
  readonly hallC: ReadonlyMap<string, number>;
  readonly hallKw: ReadonlyMap<string, number>;
}

export interface EventWatch {
  /** Once a second, with the nodes that are out for certain. */
  observe(now: {
    readonly out: ReadonlySet<number>;
    readonly readings: Readings;
    readonly before: Before | undefined;
  }): void;
  /** Nothing is being watched, so that the present may serve as "before". */
  isQuiet(): boolean;
  close(): Promise<void>;
}

interface Options {
  readonly model: Model;
  readonly elements: readonly Element[];
  readonly thermal: (hall: string) => ThermalModel | undefined;
  readonly repository: Pick<PredictionRepository, 'add' | 'judge'>;
  readonly newId: (at: number) => string;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** Parts of one event arrive as their devices are polled: what fails within this time belongs together. */
const gatherMs = 20_000;
/** Loads have moved and meters have been read after this. */
const settledMs = 45_000;
/** What has not come back after this is judged as it is. */
const longestMs = 15 * 60_000;
/** A feed that draws less is dead, kW. */
const deadKw = 0.02;

interface Running {
  readonly before: Before;
  readonly startedAt: number;
  readonly since: number;
  readonly nodes: Set<number>;
  id: string | undefined;
  predicted: Figures | undefined;
  seen: Figures;
}

/**
 * Notices that something of a site has failed, keeps what had been predicted for it from the loads of just before, watches what follows, and
 * keeps that beside it once the failure is over, or after 15 minutes.
 */
export function watchEvents(options: Options): EventWatch {
  const { model, elements, repository, clock } = options;
  let running: Running | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = (work: () => Promise<void>): void => {
    writing = writing.then(work).catch(options.onError);
  };
  const failable = new Map(
    elements.flatMap((element) => (element.node === undefined ? [] : [[element.node, element] as const])),
  );

  function begin(before: Before, nodes: readonly number[]): void {
    running = {
      before,
      startedAt: clock.now(),
      since: clock.monotonic(),
      nodes: new Set(nodes),
      id: undefined,
      predicted: undefined,
      seen: {
        dark: null,
        losesRedundancy: null,
        overloads: null,
        batteries: {},
        loads: {},
        temperatures: {},
      },
    };
  }

  function predict(event: Running, elapsedMinutes: number): Figures {
    const failed = rootsOf(event).flatMap((node) => failable.get(node) ?? []);
    return predictedFor(event.before, failed, { elapsedMinutes, thermal: options.thermal });
  }

  function keep(event: Running): void {
    const id = options.newId(event.startedAt);
    const site = event.before.around.plan.site;
    const predicted = predict(event, 0);
    const failed = rootsOf(event).flatMap((node) => failable.get(node) ?? []);
    event.id = id;
    event.predicted = predicted;
    write(() =>
      repository.add({
        id,
        site,
        at: event.startedAt,
        elements: failed.map((each) => elementView(model, each)),
        predicted,
      }),
    );
  }

  function judge(event: Running, readings: Readings): void {
    const elapsed = (clock.monotonic() - event.since) / 60_000;
    const { id } = event;
    if (id === undefined) return;
    const temperatures = Object.fromEntries(
      Object.keys(predict(event, elapsed).temperatures).map((hall) => [
        hall,
        readings.value(derivedPoint(model, `${hall}/temperature-mean`)) ?? null,
      ]),
    );
    const seen = { ...event.seen, temperatures };
    // What the hall's temperature would be depends on how long it lasted, which is known only now.
    const predicted = { ...event.predicted, ...predict(event, elapsed) };
    write(() => repository.judge(id, { at: clock.now(), seen, predicted }));
  }

  return {
    observe({ out, readings, before }) {
      if (running === undefined) {
        const fresh = [...out].filter((node) => failable.has(node) && before?.out.has(node) === false);
        if (before !== undefined && fresh.length > 0) begin(before, fresh);
        return;
      }
      const event = running;
      const age = clock.monotonic() - event.since;
      if (event.id === undefined) {
        for (const node of out) if (failable.has(node) && !event.before.out.has(node)) event.nodes.add(node);
        const isOver = ![...event.nodes].some((node) => out.has(node));
        if (age >= gatherMs || isOver) keep(event);
        if (isOver) running = undefined;
        if (isOver && event.id !== undefined) judge(event, readings);
        return;
      }
      const isOver = ![...event.nodes].some((node) => out.has(node));
      if (age >= settledMs && !isOver) event.seen = worst(event.seen, seenNow(event.before, readings));
      event.seen = { ...event.seen, batteries: batteriesSeen(event, readings) };
      if (!isOver && age < longestMs) return;
      judge(event, readings);
      running = undefined;
    },
    isQuiet: () => running === undefined,
    async close() {
      await writing;
    },
  };
}

/** What failed by itself: a PAC that stops while the gensets start is a consequence of what is above it. */
function rootsOf({ before, nodes }: Running): number[] {
  const { nodes: planned } = before.around.plan;
  const isBelowAnother = (node: number): boolean =>
    (planned[node]?.suppliers ?? []).some((supplier) => nodes.has(supplier) || isBelowAnother(supplier));
  return [...nodes].filter((node) => !isBelowAnother(node));
}

function predictedFor(
  { around, hallC, hallKw }: Before,
  failed: readonly Element[],
  { elapsedMinutes, thermal }: { readonly elapsedMinutes: number; readonly thermal: Options['thermal'] },
): Figures {
  const states = scenarioOf(around, failed);
  const racks = countsOf(states);
  const found = consequencesOf(around, failed);
  const isKnown = racks.unknown === 0;
  const { nodes } = around.plan;
  return {
    dark: isKnown ? racks.dark : null,
    losesRedundancy: isKnown ? racks.losesRedundancy : null,
    overloads: isKnown ? racks.overloads : null,
    batteries: Object.fromEntries(found.batteries.map(({ ups, minutes }) => [ups, minutes ?? null])),
    loads: Object.fromEntries(
      nodes.flatMap(({ key, kind }, index) => {
        if (kind !== 'ups' || states.least.live[index] !== 1) return [];
        const [low, high] = [states.least.loadKw[index] ?? 0, states.most.loadKw[index] ?? 0];
        return [[key, Math.abs(high - low) <= 0.05 * low ? low : null]];
      }),
    ),
    temperatures: Object.fromEntries(
      found.halls.map(({ hall, left }) => {
        const model = thermal(hall);
        const [meanC, heatKw] = [hallC.get(hall), hallKw.get(hall)];
        if (model === undefined || meanC === undefined || heatKw === undefined) return [hall, null];
        const warming = warmingOf(model, { meanC, heatKw, running: left });
        return [hall, warming === 'beyond' ? null : warming.after(elapsedMinutes)];
      }),
    ),
  };
}

/** What the meters show of the racks that had two feeds, and of the UPSs. */
function seenNow({ around }: Before, readings: Readings): Figures {
  const { plan, loads, points } = around;
  let [darkRacks, single, over] = [0, 0, 0];
  for (const [rack, { rack: spec }] of plan.racks.entries()) {
    const hadBoth = [0, 1].every((feed) => (loads.least.rackKw[feed === 0 ? 0 : 1][rack] ?? 0) > deadKw);
    if (!hadBoth) continue;
    const now = ([0, 1] as const).map((feed) => {
      const values = (points.power[feed][rack] ?? []).map((point) => readings.value(point));
      // A meter that is fed by what it measures is silent when that is dead.
      return values.includes(undefined) ? 0 : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
    });
    const alive = now.filter((kw) => kw > deadKw);
    if (alive.length === 0) darkRacks += 1;
    else if (Math.max(...now) > spec.limitKw) over += 1;
    else if (alive.length === 1) single += 1;
  }
  const loadsSeen = plan.nodes.flatMap(({ key, kind }) => {
    const kw = kind === 'ups' ? readings.value(derivedPoint(around.model, `${key}/output-power`)) : undefined;
    return kw === undefined ? [] : [[key, kw] as const];
  });
  return {
    dark: darkRacks,
    losesRedundancy: single,
    overloads: over,
    batteries: {},
    loads: Object.fromEntries(loadsSeen),
    temperatures: {},
  };
}

function worst(a: Figures, b: Figures): Figures {
  const most = (x: number | null, y: number | null): number | null =>
    x === null ? y : y === null ? x : Math.max(x, y);
  return {
    ...b,
    dark: most(a.dark, b.dark),
    losesRedundancy: most(a.losesRedundancy, b.losesRedundancy),
    overloads: most(a.overloads, b.overloads),
  };
}

/** How long a battery lasts in all, by the UPS itself while it discharges: so far, and what it says is left. */
function batteriesSeen({ before, seen }: Running, readings: Readings): Figures['batteries'] {
  const next = { ...seen.batteries };
  for (const { key, kind, device } of before.around.plan.nodes) {
    if (kind !== 'ups' || readings.state(pointOf(device, 'output-source')) !== 'battery') continue;
    const [left, so] = [
      readings.value(pointOf(device, 'autonomy')),
      readings.value(pointOf(device, 'time-on-battery')),
    ];
    if (left !== undefined && so !== undefined) next[key] = (left + so) / 60;
  }
  return next;
}
