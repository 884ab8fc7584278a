import type { Point } from '../../config/model.ts';
import type { FactsOf, PointFacts } from './historian.ts';

const longestHoldMs = 3_600_000;
/** For points that are not configured any more. */
const unknownPoint: PointFacts = { isState: false, holdMs: 60_000 };

export interface PointLabel {
  readonly unit?: string;
  /** Code → name of the state. */
  readonly states?: ReadonlyMap<number, string>;
}

/** What the store knows of the configured points; a reload of the configuration replaces them, the store stays open. */
export interface PointFactsBook {
  readonly of: FactsOf;
  /** What a person reads beside the values; undefined for a point that is not configured. */
  label(point: string): PointLabel | undefined;
  replace(points: readonly Point[]): void;
}

/** A reading holds as long as the live page calls it fresh. */
export function factsOfPoint({ unit, staleAfterMs }: Pick<Point, 'unit' | 'staleAfterMs'>): PointFacts {
  return { isState: unit === 'state', holdMs: Math.min(staleAfterMs, longestHoldMs) };
}

export function createPointFacts(): PointFactsBook {
  let pointOf = new Map<string, Point>();
  /** Tens of thousands of points have a handful of them; by the time that a reading holds, negative for a state. */
  const shared = new Map<number, PointFacts>();

  function sharedFacts(point: Point): PointFacts {
    const key = point.unit === 'state' ? -point.staleAfterMs : point.staleAfterMs;
    let facts = shared.get(key);
    if (facts === undefined) {
      facts = factsOfPoint(point);
      shared.set(key, facts);
    }
    return facts;
  }

  return {
    of(id) {
      const point = pointOf.get(id);
      return point === undefined ? unknownPoint : sharedFacts(point);
    },
    label: (id) => pointOf.get(id),
    replace(points) {
      pointOf = new Map(points.map((point) => [point.id, point]));
    },
  };
}
