import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { Element } from './elements.ts';
import type { Figures, SeenFigures } from './figures.ts';
import { predictedFeeds, predictedFor, type Before, type FeedLoads } from './predicted.ts';
import { derivedPoint, type Readings } from './readings.ts';
import type { PredictionRepository } from './repository.ts';
import { batteriesSeen, nothingSeen, seenNow, worstSeen } from './seen.ts';
import type { ThermalModel } from './thermal.ts';
import { watchWarming, type Warming } from './warming.ts';

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
/** A hall without its PACs is followed for longer: it warms by the hour. */
const longestWarmingMs = 4 * 3_600_000;

interface Running {
  readonly before: Before;
  readonly startedAt: number;
  readonly since: number;
  readonly nodes: Set<number>;
  /** Undefined while its parts are gathered. */
  kept: Kept | undefined;
  seen: SeenFigures;
}

interface Kept {
  readonly id: string;
  readonly failed: readonly Element[];
  readonly predicted: Figures;
  readonly feeds: FeedLoads;
  readonly warming: Warming;
}

/**
 * Notices that something of a site has failed, keeps what had been predicted for it from the loads of just before, watches what follows, and keeps that
 * beside it once the failure is over, or after 15 minutes. Halls that warm are followed for up to 4 hours, and what is kept is then completed.
 */
export function watchEvents(options: Options): EventWatch {
  const { model, elements, repository, clock } = options;
  let running: Running | undefined;
  const following = new Set<Running>();
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
      kept: undefined,
      seen: nothingSeen,
    };
  }

  function predict({ before, nodes }: Running, elapsedMinutes: number): Figures {
    return predictedFor(before, failedOf(before, nodes), { elapsedMinutes, thermal: options.thermal });
  }

  function failedOf(before: Before, nodes: ReadonlySet<number>): Element[] {
    return rootsOf(before, nodes).flatMap((node) => failable.get(node) ?? []);
  }

  function keep(event: Running): Kept {
    const { before, nodes, startedAt } = event;
    const id = options.newId(startedAt);
    const failed = failedOf(before, nodes);
    const predicted = predict(event, 0);
    write(() =>
      repository.add({
        id,
        site: before.around.plan.site,
        at: startedAt,
        elements: failed.map(({ key, kind }) => ({ key, kind })),
        predicted,
      }),
    );
    const feeds = predictedFeeds(before, failed);
    return { id, failed, predicted, feeds, warming: watchWarming(model, predicted.warming) };
  }

  function judge(event: Running, { id, predicted, warming }: Kept, readings: Readings): void {
    const elapsed = (clock.monotonic() - event.since) / 60_000;
    const temperatures = Object.fromEntries(
      Object.keys(predicted.temperatures).map((hall) => [
        hall,
        readings.value(derivedPoint(model, `${hall}/temperature-mean`)) ?? null,
      ]),
    );
    const seen: SeenFigures = {
      ...event.seen,
      temperatures,
      warming: warming.reached(),
      watchedMinutes: Object.keys(temperatures).length === 0 ? null : elapsed,
    };
    // How warm a hall would be depends on how long it lasted, which is known only now.
    const { temperatures: expected } = predict(event, elapsed);
    write(() =>
      repository.judge(id, { at: clock.now(), seen, predicted: { ...predicted, temperatures: expected } }),
    );
  }

  /** Returns whether the failure of the supply is over, or has been watched for long enough. */
  function follow(
    event: Running,
    { out, readings }: { readonly out: ReadonlySet<number>; readonly readings: Readings },
  ): boolean {
    const age = clock.monotonic() - event.since;
    const isOver = ![...event.nodes].some((node) => out.has(node));
    // From the first second: gensets may take over before the parts of the event are gathered.
    event.seen = { ...event.seen, batteries: batteriesSeen(event.before, event.seen, readings) };
    if (event.kept === undefined) {
      for (const node of out) if (failable.has(node) && !event.before.out.has(node)) event.nodes.add(node);
      if (age < gatherMs && !isOver) return false;
      event.kept = keep(event);
    }
    const { kept } = event;
    if (age >= settledMs && !isOver)
      event.seen = worstSeen(event.seen, seenNow(event.before, kept.feeds, readings));
    kept.warming.observe(age / 60_000, readings);
    if (!isOver && age < longestMs) return false;
    judge(event, kept, readings);
    if (!isOver && kept.warming.isOpen()) following.add(event);
    return true;
  }

  /** Of an event whose supply is judged already. */
  function followWarming(event: Running, out: ReadonlySet<number>, readings: Readings): void {
    const { kept, since } = event;
    if (kept === undefined) return;
    const age = clock.monotonic() - since;
    kept.warming.observe(age / 60_000, readings);
    const isOver = ![...event.nodes].some((node) => out.has(node));
    if (!isOver && kept.warming.isOpen() && age < longestWarmingMs) return;
    judge(event, kept, readings);
    following.delete(event);
  }

  return {
    observe({ out, readings, before }) {
      for (const event of following) followWarming(event, out, readings);
      if (running !== undefined) {
        if (follow(running, { out, readings })) running = undefined;
        return;
      }
      const fresh = [...out].filter((node) => failable.has(node) && before?.out.has(node) === false);
      if (before !== undefined && fresh.length > 0) begin(before, fresh);
    },
    isQuiet: () => running === undefined,
    async close() {
      await writing;
    },
  };
}

/** What failed by itself: a PAC that stops while the gensets start is a consequence of what is above it. */
function rootsOf({ around }: Before, nodes: ReadonlySet<number>): number[] {
  const { nodes: planned } = around.plan;
  const isBelowAnother = (node: number): boolean =>
    (planned[node]?.suppliers ?? []).some((supplier) => nodes.has(supplier) || isBelowAnother(supplier));
  return [...nodes].filter((node) => !isBelowAnother(node));
}
